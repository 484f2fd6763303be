/* SPDX-License-Identifier: MIT */
/*
 * code.c: from an address to functions and lines, through DWARF.
 *
 * Not every compiler writes .debug_aranges, so that the ranges of all units are read once and
 * searched. Within the unit the way down to the address is walked: a function, in it perhaps
 * blocks, in them perhaps functions that were inlined. The line table gives the innermost line;
 * each inlined function says where it was called, which is the line of the frame around it.
 */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define MAX_CHAIN 64

static int by_low(const void *a, const void *b)
{
    const struct ilv__range *x = a;
    const struct ilv__range *y = b;
    if (x->low != y->low)
        return x->low < y->low ? -1 : 1;
    return x->unit < y->unit ? -1 : x->unit > y->unit;
}

static bool add_range(struct ilv__module *m, size_t *room, Dwarf_Addr low, Dwarf_Addr high,
                      Dwarf_Off unit)
{
    if (low >= high || low == 0)
        return true;
    if (m->range_count == *room) {
        size_t more = *room > 0 ? 2 * *room : 64;
        struct ilv__range *grown = realloc(m->range, more * sizeof *grown);
        if (grown == NULL)
            return false;
        m->range = grown;
        *room = more;
    }
    m->range[m->range_count++] = (struct ilv__range){low, high, unit};
    return true;
}

bool ilv__ranges_read(struct ilv__module *m)
{
    size_t room = m->range_count;
    Dwarf_CU *cu = NULL;
    Dwarf_Die die;
    bool any = false;
    uint8_t type;
    m->range_count = 0;
    while (dwarf_get_units(m->dwarf, cu, &cu, NULL, &type, &die, NULL) == 0) {
        if (type != DW_UT_compile)
            continue;
        any = true;
        Dwarf_Addr base;
        Dwarf_Addr low;
        Dwarf_Addr high;
        ptrdiff_t next = 0;
        while ((next = dwarf_ranges(&die, next, &base, &low, &high)) > 0)
            if (!add_range(m, &room, low, high, dwarf_dieoffset(&die)))
                return false;
    }
    if (m->range_count > 0)
        qsort(m->range, m->range_count, sizeof *m->range, by_low);
    return any;
}

/* The unit that offset comes from. Ranges of well-formed files do not overlap. */
static bool find_unit(struct ilv__module *m, uint64_t offset, Dwarf_Die *unit)
{
    size_t low = 0;
    size_t high = m->range_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->range[middle].low <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || offset >= m->range[low - 1].high)
        return false;
    return dwarf_offdie(m->dwarf, m->range[low - 1].unit, unit) != NULL;
}

static bool is_frame(Dwarf_Die *die)
{
    int tag = dwarf_tag(die);
    return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

/* Entries that have no addresses of their own and may hold functions. */
static bool is_scope(Dwarf_Die *die)
{
    int tag = dwarf_tag(die);
    return tag == DW_TAG_namespace || tag == DW_TAG_class_type || tag == DW_TAG_structure_type;
}

struct chain {
    Dwarf_Die die[MAX_CHAIN]; /* functions that contain the address, outermost first */
    uint32_t count;
};

static bool descend(Dwarf_Die *parent, Dwarf_Addr address, struct chain *chain, unsigned depth)
{
    Dwarf_Die child;
    if (depth >= MAX_CHAIN || dwarf_child(parent, &child) != 0)
        return false;
    do {
        bool scope = is_scope(&child);
        if (!scope && dwarf_haspc(&child, address) <= 0)
            continue;
        if (is_frame(&child) && chain->count < MAX_CHAIN)
            chain->die[chain->count++] = child;
        if (descend(&child, address, chain, depth + 1) || !scope)
            return true;
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

bool ilv__die_function(Dwarf_Die *die, char *out, size_t size)
{
    Dwarf_Attribute attribute;
    const char *name = NULL;
    if (dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute) != NULL)
        name = dwarf_formstring(&attribute);
    if (name == NULL || strncmp(name, "_Z", 2) != 0)
        name = dwarf_diename(die);
    if (name == NULL)
        return false;
    ilv__demangle(name, out, size);
    return true;
}

static const char *frame_function(struct ilv_symbols *symbols, Dwarf_Die *die)
{
    char name[512];
    return ilv__die_function(die, name, sizeof name) ? ilv__keep(symbols, name) : NULL;
}

/* The file as the compiler was told: without the folder in which it was started. */
static const char *told(struct ilv_symbols *symbols, Dwarf_Die *unit, const char *full)
{
    Dwarf_Attribute attribute;
    const char *folder = NULL;
    const char *file = full;
    if (full == NULL)
        return NULL;
    if (dwarf_attr(unit, DW_AT_comp_dir, &attribute) != NULL)
        folder = dwarf_formstring(&attribute);
    size_t length = folder != NULL ? strlen(folder) : 0;
    if (length > 1 && strncmp(file, folder, length) == 0 && file[length] == '/')
        file += length + 1;
    while (strncmp(file, "./", 2) == 0)
        file += 2;
    return ilv__source_name(symbols, file, full);
}

static void line_of_address(struct ilv_symbols *symbols, Dwarf_Die *unit, Dwarf_Addr address,
                            struct ilv_place *place)
{
    Dwarf_Line *line = dwarf_getsrc_die(unit, address);
    int number = 0;
    if (line == NULL || dwarf_lineno(line, &number) != 0 || number <= 0)
        return;
    place->line = (uint32_t)number;
    place->file = told(symbols, unit, dwarf_linesrc(line, NULL, NULL));
}

/* Where an inlined function was called. */
static void line_of_call(struct ilv_symbols *symbols, Dwarf_Die *unit, Dwarf_Die *inlined,
                         struct ilv_place *place)
{
    Dwarf_Attribute attribute;
    Dwarf_Word number = 0;
    Dwarf_Word index = 0;
    Dwarf_Files *files = NULL;
    dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &number);
    dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &index);
    if (number == 0 || dwarf_getsrcfiles(unit, &files, NULL) != 0)
        return;
    place->line = (uint32_t)number;
    place->file = told(symbols, unit, dwarf_filesrc(files, index, NULL, NULL));
}

bool ilv__function_at(struct ilv__module *m, uint64_t offset, Dwarf_Die *function)
{
    Dwarf_Die unit;
    struct chain chain = {.count = 0};
    if (m->dwarf == NULL || !find_unit(m, offset, &unit))
        return false;
    descend(&unit, offset, &chain, 0);
    if (chain.count > 0)
        *function = chain.die[0];
    return chain.count > 0;
}

uint32_t ilv__dwarf_frames(struct ilv_symbols *symbols, struct ilv__module *m, uint64_t offset,
                           struct ilv_place *places, uint32_t max)
{
    Dwarf_Die unit;
    struct chain chain = {.count = 0};
    if (m->dwarf == NULL || max == 0 || !find_unit(m, offset, &unit))
        return 0;
    descend(&unit, offset, &chain, 0);
    line_of_address(symbols, &unit, offset, &places[0]);
    uint32_t used = 1;
    for (uint32_t i = chain.count; i-- > 0;) {
        struct ilv_place *place = &places[used - 1];
        place->function = frame_function(symbols, &chain.die[i]);
        place->inlined = dwarf_tag(&chain.die[i]) == DW_TAG_inlined_subroutine;
        if (!place->inlined || used == max)
            break;
        line_of_call(symbols, &unit, &chain.die[i], &places[used++]);
    }
    return places[0].function != NULL || places[0].file != NULL ? used : 0;
}
