/* SPDX-License-Identifier: MIT */
/*
 * data.c: from an address to the variable that lies there, through DWARF.
 *
 * All variables with a fixed place are listed once, in whatever function or namespace they stand.
 * Then the variable's type is followed to the innermost member that begins at the address and is
 * large enough. It ends where names are reserved for the implementation: a pthread_mutex_t is one
 * thing to its user, whatever it is made of; and at the beginning of a primitive of ours: where
 * that is a lock, the lock is there.
 */
#include <ctype.h>
#include <dwarf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define MAX_DEPTH 32

struct listing {
    struct ilv__module *module;
    size_t room;
    bool full; /* no memory */
};

static bool fixed_place(Dwarf_Die *die, uint64_t *start)
{
    Dwarf_Attribute attribute;
    Dwarf_Attribute entry;
    Dwarf_Op *op;
    size_t count;
    if (dwarf_attr(die, DW_AT_location, &attribute) == NULL ||
        dwarf_getlocation(&attribute, &op, &count) != 0 || count != 1)
        return false;
    *start = op[0].number;
    if (op[0].atom == DW_OP_addr)
        return true;
    return (op[0].atom == DW_OP_addrx || op[0].atom == DW_OP_GNU_addr_index) &&
           dwarf_getlocation_attr(&attribute, op, &entry) == 0 &&
           dwarf_formaddr(&entry, start) == 0;
}

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    return dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &attribute), type) != NULL &&
           dwarf_peel_type(type, type) == 0;
}

static uint64_t size_of(Dwarf_Die *type)
{
    Dwarf_Word size;
    return dwarf_aggregate_size(type, &size) == 0 ? size : 0;
}

static void add_variable(struct listing *list, Dwarf_Die *die, Dwarf_Off function)
{
    struct ilv__module *m = list->module;
    uint64_t start;
    Dwarf_Die type;
    if (!fixed_place(die, &start))
        return;
    if (m->variable_count == list->room) {
        size_t more = list->room > 0 ? 2 * list->room : 64;
        struct ilv__variable *grown = realloc(m->variable, more * sizeof *grown);
        list->full = grown == NULL;
        if (list->full)
            return;
        m->variable = grown;
        list->room = more;
    }
    uint64_t size = type_of(die, &type) ? size_of(&type) : 0;
    m->variable[m->variable_count++] =
        (struct ilv__variable){start, size, dwarf_dieoffset(die), function};
}

static bool holds_variables(int tag)
{
    return tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block || tag == DW_TAG_namespace ||
           tag == DW_TAG_class_type || tag == DW_TAG_structure_type;
}

static void list_children(struct listing *list, Dwarf_Die *parent, Dwarf_Off function,
                          unsigned depth)
{
    Dwarf_Die child;
    if (depth > MAX_DEPTH || dwarf_child(parent, &child) != 0)
        return;
    do {
        int tag = dwarf_tag(&child);
        if (tag == DW_TAG_variable)
            add_variable(list, &child, function);
        else if (holds_variables(tag))
            list_children(list, &child,
                          tag == DW_TAG_subprogram ? dwarf_dieoffset(&child) : function, depth + 1);
    } while (!list->full && dwarf_siblingof(&child, &child) == 0);
}

static int by_start(const void *a, const void *b)
{
    const struct ilv__variable *x = a;
    const struct ilv__variable *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->die < y->die ? -1 : x->die > y->die;
}

static void list_variables(struct ilv__module *m)
{
    struct listing list = {.module = m};
    Dwarf_CU *cu = NULL;
    Dwarf_Die die;
    uint8_t type;
    m->variables_read = true;
    while (!list.full && dwarf_get_units(m->dwarf, cu, &cu, NULL, &type, &die, NULL) == 0)
        if (type == DW_UT_compile)
            list_children(&list, &die, 0, 0);
    if (m->variable_count > 0)
        qsort(m->variable, m->variable_count, sizeof *m->variable, by_start);
}

static const struct ilv__variable *find_variable(const struct ilv__module *m, uint64_t offset)
{
    size_t low = 0;
    size_t high = m->variable_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->variable[middle].start <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const struct ilv__variable *found = &m->variable[low - 1];
    while (found > m->variable && found[-1].start == found->start)
        found--;
    return found->start == offset || offset - found->start < found->size ? found : NULL;
}

/* A name under construction. */
struct path {
    char *out;
    size_t size;
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void append(struct path *path, const char *form, ...)
{
    va_list list;
    va_start(list, form);
    int n = vsnprintf(path->out + path->used, path->size - path->used, form, list);
    va_end(list);
    size_t rest = path->size - path->used - 1;
    path->used += n < 0 ? 0 : (size_t)n < rest ? (size_t)n : rest;
}

/* Names that belong to the implementation: __data, _M_mutex. */
static bool is_reserved(const char *name)
{
    return name[0] == '_' && (name[1] == '_' || isupper((unsigned char)name[1]));
}

/* How many elements this dimension has; 0 if it does not say. */
static uint64_t dimension(Dwarf_Die *range)
{
    Dwarf_Attribute attribute;
    Dwarf_Word count;
    if (dwarf_formudata(dwarf_attr(range, DW_AT_count, &attribute), &count) == 0)
        return count;
    if (dwarf_formudata(dwarf_attr(range, DW_AT_upper_bound, &attribute), &count) == 0)
        return count + 1;
    return 0;
}

static unsigned dimensions(Dwarf_Die *array, uint64_t *counts, unsigned max)
{
    unsigned used = 0;
    Dwarf_Die child;
    if (dwarf_child(array, &child) != 0)
        return 0;
    do {
        if (dwarf_tag(&child) == DW_TAG_subrange_type && used < max)
            counts[used++] = dimension(&child);
    } while (dwarf_siblingof(&child, &child) == 0);
    return used;
}

/* Steps into an element of an array; false if the thing is the array itself. */
static bool enter_array(Dwarf_Die *type, uint64_t *offset, uint64_t wanted, struct path *path)
{
    uint64_t counts[8];
    Dwarf_Die element;
    unsigned used = dimensions(type, counts, 8);
    if (used == 0 || !type_of(type, &element))
        return false;
    uint64_t size = size_of(&element);
    if (size == 0 || wanted > size)
        return false;
    uint64_t index = *offset / size;
    uint64_t below = 1;
    for (unsigned i = 1; i < used; i++)
        below *= counts[i] > 0 ? counts[i] : 1;
    for (unsigned i = 0; i < used; i++) {
        append(path, "[%ju]", (uintmax_t)(index / below));
        index %= below;
        below /= i + 1 < used && counts[i + 1] > 0 ? counts[i + 1] : 1;
    }
    *offset %= size;
    *type = element;
    return true;
}

/* Where a member lies in its structure; false for members that lie elsewhere (static ones). */
static bool member_place(Dwarf_Die *member, uint64_t *start)
{
    Dwarf_Attribute attribute;
    Dwarf_Word bits;
    bool joined = dwarf_tag(member) == DW_TAG_member || dwarf_tag(member) == DW_TAG_inheritance;
    if (!joined || dwarf_hasattr(member, DW_AT_external))
        return false;
    *start = 0;
    if (dwarf_formudata(dwarf_attr(member, DW_AT_data_member_location, &attribute), start) == 0)
        return true;
    if (dwarf_formudata(dwarf_attr(member, DW_AT_data_bit_offset, &attribute), &bits) == 0)
        *start = bits / 8;
    return !dwarf_hasattr(member, DW_AT_data_member_location);
}

/* Steps into the member that holds the offset and has room for `wanted` bytes. */
static bool enter_member(Dwarf_Die *type, uint64_t *offset, uint64_t wanted, struct path *path)
{
    Dwarf_Die member;
    Dwarf_Die inner;
    if (dwarf_child(type, &member) != 0)
        return false;
    do {
        uint64_t start;
        if (!member_place(&member, &start) || *offset < start || !type_of(&member, &inner))
            continue;
        uint64_t size = size_of(&inner);
        const char *name = dwarf_diename(&member);
        bool named = name != NULL && dwarf_tag(&member) == DW_TAG_member;
        if (*offset - start >= size || size < wanted || (named && is_reserved(name)))
            continue;
        if (named)
            append(path, ".%s", name);
        *offset -= start;
        *type = inner;
        return true;
    } while (dwarf_siblingof(&member, &member) == 0);
    return false;
}

static bool is_primitive(Dwarf_Die *type)
{
    const char *name = dwarf_diename(type);
    return name != NULL && strncmp(name, "ilv_", 4) == 0;
}

static bool enter(Dwarf_Die *type, uint64_t *offset, uint64_t wanted, struct path *path)
{
    int tag = dwarf_tag(type);
    if (tag == DW_TAG_array_type)
        return enter_array(type, offset, wanted, path);
    bool parts =
        tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
    if (parts && *offset == 0 && is_primitive(type))
        return false;
    return parts && enter_member(type, offset, wanted, path);
}

static bool variable_name(struct ilv__module *m, const struct ilv__variable *v, Dwarf_Die *die,
                          struct path *path)
{
    char name[512];
    Dwarf_Die function;
    if (v->function != 0 && dwarf_offdie(m->dwarf, v->function, &function) != NULL &&
        ilv__die_function(&function, name, sizeof name)) {
        append(path, "%s::", name);
        const char *own = dwarf_diename(die);
        append(path, "%s", own != NULL ? own : "?");
        return own != NULL;
    }
    if (!ilv__die_function(die, name, sizeof name))
        return false;
    append(path, "%s", name);
    return true;
}

/* The way from a variable to what lies `rest` bytes into it. */
static void add_members(Dwarf_Die *variable, uint64_t rest, uint32_t size, struct path *path)
{
    Dwarf_Die type;
    bool typed = type_of(variable, &type);
    for (unsigned depth = 0; typed && depth < MAX_DEPTH; depth++)
        typed = enter(&type, &rest, size, path);
    if (rest > 0)
        append(path, "+%ju", (uintmax_t)rest);
}

/* The variable that holds the offset, and its name; NULL if there is none. */
static const struct ilv__variable *open_variable(struct ilv__module *m, uint64_t offset,
                                                 Dwarf_Die *die, struct path *path)
{
    if (m->dwarf == NULL)
        return NULL;
    if (!m->variables_read)
        list_variables(m);
    const struct ilv__variable *v = find_variable(m, offset);
    bool known =
        v != NULL && dwarf_offdie(m->dwarf, v->die, die) != NULL && variable_name(m, v, die, path);
    return known ? v : NULL;
}

enum ilv__named ilv__dwarf_data(struct ilv__module *m, uint64_t offset, uint32_t size, char *out,
                                size_t out_size)
{
    struct path path = {out, out_size, 0};
    Dwarf_Die die;
    const struct ilv__variable *v = open_variable(m, offset, &die, &path);
    if (v == NULL)
        return ILV__UNNAMED;
    if (ilv__is_primitives(m->name, dwarf_decl_file(&die)))
        return ILV__HIDDEN;
    add_members(&die, offset - v->start, size, &path);
    return ILV__NAMED;
}

bool ilv__dwarf_primitive(struct ilv__module *m, uint64_t offset, char *out, size_t out_size)
{
    struct path path = {out, out_size, 0};
    Dwarf_Die die;
    Dwarf_Die type;
    const struct ilv__variable *v = open_variable(m, offset, &die, &path);
    bool typed = v != NULL && type_of(&die, &type);
    uint64_t rest = typed ? offset - v->start : 0;
    for (unsigned depth = 0; typed && depth < MAX_DEPTH && !is_primitive(&type); depth++)
        typed = enter(&type, &rest, 1, &path);
    return typed && is_primitive(&type);
}

uint64_t ilv__die_size(Dwarf_Die *die)
{
    Dwarf_Die type;
    return type_of(die, &type) ? size_of(&type) : 0;
}

bool ilv__die_name(Dwarf_Die *die, uint64_t offset, uint32_t size, char *out, size_t out_size)
{
    struct path path = {out, out_size, 0};
    const char *name = dwarf_diename(die);
    if (name == NULL)
        return false;
    append(&path, "%s", name);
    add_members(die, offset, size, &path);
    return true;
}
