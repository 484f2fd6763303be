/* SPDX-License-Identifier: MIT */
/*
 * elf.c: opens a module's file, makes sure that it is the one that was loaded, and reads its
 * symbol table.
 *
 * Debugging information is taken from the file itself, else from a file with the same build id:
 * where distributions install them by build id, or where the file's debug link points. Nothing is
 * ever fetched from a network.
 */
#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <gelf.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

static Elf *open_elf(const char *path, int *fd)
{
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0)
        return NULL;
    Elf *elf = elf_begin(*fd, ELF_C_READ_MMAP, NULL);
    if (elf != NULL && elf_kind(elf) == ELF_K_ELF)
        return elf;
    elf_end(elf);
    close(*fd);
    *fd = -1;
    return NULL;
}

static bool same_build(Elf *elf, const struct ilv_module *info)
{
    const void *id = NULL;
    ssize_t size = dwelf_elf_gnu_build_id(elf, &id);
    if (info->build_id_size == 0)
        return true;
    return info->build_id_size <= sizeof info->build_id && size == (ssize_t)info->build_id_size &&
           memcmp(id, info->build_id, info->build_id_size) == 0;
}

/* Takes path as the file with the debugging information if it is of the same build. */
static bool try_debug_file(struct ilv__module *m, const char *path)
{
    m->debug_elf = open_elf(path, &m->debug_fd);
    if (m->debug_elf == NULL)
        return false;
    if (m->info.build_id_size > 0 && same_build(m->debug_elf, &m->info)) {
        m->dwarf = dwarf_begin_elf(m->debug_elf, DWARF_C_READ, NULL);
        return true;
    }
    elf_end(m->debug_elf);
    close(m->debug_fd);
    m->debug_elf = NULL;
    m->debug_fd = -1;
    return false;
}

static bool debug_by_build_id(struct ilv__module *m)
{
    char path[128] = "/usr/lib/debug/.build-id/";
    size_t used = strlen(path);
    if (m->info.build_id_size < 2 || m->info.build_id_size > sizeof m->info.build_id)
        return false;
    for (uint32_t i = 0; i < m->info.build_id_size; i++)
        used += (size_t)snprintf(path + used, sizeof path - used, i == 0 ? "%02x/" : "%02x",
                                 m->info.build_id[i]);
    snprintf(path + used, sizeof path - used, ".debug");
    return try_debug_file(m, path);
}

static void debug_by_link(struct ilv__module *m)
{
    static const char *const before[] = {"", "", "/usr/lib/debug"};
    static const char *const behind[] = {"", "/.debug", ""};
    GElf_Word checksum;
    const char *link = dwelf_elf_gnu_debuglink(m->elf, &checksum);
    if (link == NULL)
        return;
    char copy[ILV_PATH_MAX];
    memcpy(copy, m->info.path, sizeof copy);
    const char *folder = dirname(copy);
    char path[2 * ILV_PATH_MAX];
    bool found = false;
    for (unsigned i = 0; i < 3 && !found; i++) {
        snprintf(path, sizeof path, "%s%s%s/%s", before[i], folder, behind[i], link);
        found = try_debug_file(m, path);
    }
}

static bool is_code(unsigned type)
{
    return type == STT_FUNC || type == STT_GNU_IFUNC;
}

static int by_start(const void *a, const void *b)
{
    const struct ilv__symbol *x = a;
    const struct ilv__symbol *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->global != y->global)
        return x->global ? -1 : 1;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void add_symbol(struct ilv__symbol_list *list, const GElf_Sym *sym, const char *name)
{
    list->entry[list->count++] =
        (struct ilv__symbol){.start = sym->st_value,
                             .size = sym->st_size,
                             .name = name,
                             .global = GELF_ST_BIND(sym->st_info) == STB_GLOBAL};
}

static void read_symbols(struct ilv__module *m, Elf *elf, Elf_Data *data, const GElf_Shdr *header)
{
    size_t count = header->sh_entsize > 0 ? header->sh_size / header->sh_entsize : 0;
    m->functions.entry = calloc(count + 1, sizeof *m->functions.entry);
    m->objects.entry = calloc(count + 1, sizeof *m->objects.entry);
    if (m->functions.entry == NULL || m->objects.entry == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        GElf_Sym sym;
        if (gelf_getsym(data, (int)i, &sym) == NULL || sym.st_shndx == SHN_UNDEF)
            continue;
        unsigned type = GELF_ST_TYPE(sym.st_info);
        const char *name = elf_strptr(elf, header->sh_link, sym.st_name);
        if (name == NULL || name[0] == '\0')
            continue;
        if (is_code(type) || (type == STT_NOTYPE && strcmp(name, "_start") == 0))
            add_symbol(&m->functions, &sym, name);
        else if (type == STT_OBJECT && sym.st_size > 0)
            add_symbol(&m->objects, &sym, name);
    }
    qsort(m->functions.entry, m->functions.count, sizeof *m->functions.entry, by_start);
    qsort(m->objects.entry, m->objects.count, sizeof *m->objects.entry, by_start);
}

/* Reads the first table of the type; false if there is none. */
static bool read_table(struct ilv__module *m, Elf *elf, uint32_t type)
{
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(elf, section)) != NULL) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == NULL || header.sh_type != type)
            continue;
        Elf_Data *data = elf_getdata(section, NULL);
        if (data != NULL && data->d_buf != NULL) {
            read_symbols(m, elf, data, &header);
            return true;
        }
    }
    return false;
}

static void read_names(struct ilv__module *m)
{
    if (read_table(m, m->elf, SHT_SYMTAB))
        return;
    if (m->debug_elf != NULL && read_table(m, m->debug_elf, SHT_SYMTAB))
        return;
    read_table(m, m->elf, SHT_DYNSYM);
}

static void read_debug(struct ilv__module *m)
{
    m->dwarf = dwarf_begin_elf(m->elf, DWARF_C_READ, NULL);
    if (m->dwarf != NULL && ilv__ranges_read(m))
        return;
    dwarf_end(m->dwarf);
    m->dwarf = NULL;
    if (!debug_by_build_id(m))
        debug_by_link(m);
    if (m->dwarf != NULL && !ilv__ranges_read(m)) {
        dwarf_end(m->dwarf);
        m->dwarf = NULL;
    }
}

static enum ilv_symbols_state state_of(const struct ilv__module *m)
{
    if (m->dwarf != NULL)
        return ILV_SYMBOLS_LINES;
    return m->functions.count + m->objects.count > 0 ? ILV_SYMBOLS_NAMES : ILV_SYMBOLS_NONE;
}

void ilv__module_open(struct ilv__module *m)
{
    if (m->opened)
        return;
    m->opened = true;
    m->state = ILV_SYMBOLS_MISSING;
    elf_version(EV_CURRENT);
    m->elf = open_elf(m->info.path, &m->fd);
    if (m->elf == NULL)
        return;
    if (!same_build(m->elf, &m->info)) {
        m->state = ILV_SYMBOLS_CHANGED;
        return;
    }
    read_debug(m);
    read_names(m);
    m->state = state_of(m);
}

void ilv__module_close(struct ilv__module *m)
{
    free(m->functions.entry);
    free(m->objects.entry);
    free(m->range);
    free(m->variable);
    dwarf_end(m->dwarf);
    elf_end(m->debug_elf);
    elf_end(m->elf);
    if (m->debug_fd >= 0)
        close(m->debug_fd);
    if (m->fd >= 0)
        close(m->fd);
}

/* Symbols may lie within each other; the nearest start wins, and an entry without a size reaches
 * to the next one. */
const struct ilv__symbol *ilv__symbol_find(const struct ilv__symbol_list *list, uint64_t offset)
{
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->entry[middle].start <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low, tries = 0; i-- > 0 && tries < 64; tries++) {
        const struct ilv__symbol *s = &list->entry[i];
        bool first = i == 0 || list->entry[i - 1].start != s->start;
        if (first && (offset - s->start < s->size || s->size == 0))
            return s;
    }
    return NULL;
}
