/* SPDX-License-Identifier: MIT */
/*
 * modules.c: the loaded objects of the program, for names and lines. Where they lie is kept in
 * private memory too: a fork finds it mapped, while it would fault on the shared table.
 */
#include <elf.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "loader.h"

extern const char __ehdr_start[] ILV_HIDDEN;
extern const char etext[] ILV_HIDDEN;

bool ilv__own_text(uint64_t address)
{
    return address >= (uint64_t)(uintptr_t)__ehdr_start && address < (uint64_t)(uintptr_t)etext;
}

static void note_build_id(struct ilv_module *module, const char *note, size_t size)
{
    const char *end = note + size;
    while (note + sizeof(ElfW(Nhdr)) <= end) {
        const ElfW(Nhdr) *header = (const void *)note;
        const char *name = note + sizeof *header;
        const char *value = name + ((header->n_namesz + 3u) & ~3u);
        if (header->n_type == NT_GNU_BUILD_ID && header->n_namesz == 4 &&
            memcmp(name, "GNU", 4) == 0) {
            size_t n = header->n_descsz < sizeof module->build_id ? header->n_descsz
                                                                  : sizeof module->build_id;
            memcpy(module->build_id, value, n);
            module->build_id_size = (uint32_t)n;
            return;
        }
        note = value + ((header->n_descsz + 3u) & ~3u);
    }
}

static void note_path(struct ilv_module *module, const char *name)
{
    size_t n;
    if (name[0] != 0) {
        n = strnlen(name, sizeof module->path - 1);
        memcpy(module->path, name, n);
    } else {
        ssize_t got = readlink("/proc/self/exe", module->path, sizeof module->path - 1);
        n = got > 0 ? (size_t)got : 0;
    }
    module->path[n] = 0;
}

static void note_segments(struct ilv_module *module, const struct dl_phdr_info *info)
{
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        uint64_t at = info->dlpi_addr + p->p_vaddr;
        if (p->p_type == PT_LOAD && at + p->p_memsz > module->end)
            module->end = at + p->p_memsz;
        if (p->p_type == PT_NOTE && module->build_id_size == 0)
            note_build_id(module, (const char *)(uintptr_t)at, p->p_memsz);
    }
}

static struct {
    uint64_t base;
    uint64_t end;
} range[ILV_MAX_MODULES]; /* of run->module */
static uint32_t range_count;

uint32_t ilv__module_of(uint64_t address, uint64_t *offset)
{
    for (uint32_t m = 0; m < range_count; m++) {
        if (address >= range[m].base && address < range[m].end) {
            *offset = address - range[m].base;
            return m + 1;
        }
    }
    return 0;
}

static int note_module(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    struct ilv_run *run = data;
    if (run->module_count == ILV_MAX_MODULES)
        return 1;
    struct ilv_module *module = &run->module[run->module_count++];
    *module = (struct ilv_module){.base = info->dlpi_addr};
    note_segments(module, info);
    note_path(module, info->dlpi_name);
    range[range_count].base = module->base;
    range[range_count++].end = module->end;
    return 0;
}

static unsigned long long noted_adds; /* dlopen calls that the table knows of */

static int count_adds(struct dl_phdr_info *info, size_t size, void *adds)
{
    (void)size;
    *(unsigned long long *)adds = info->dlpi_adds + info->dlpi_subs;
    return 1;
}

static unsigned long long adds_now(void)
{
    unsigned long long adds = 0;
    dl_iterate_phdr(count_adds, &adds);
    return adds;
}

void ilv__modules_note(void)
{
    noted_adds = adds_now();
    ilv__world.run->module_count = range_count = 0;
    dl_iterate_phdr(note_module, ilv__world.run);
}

void ilv__modules_refresh(void)
{
    if (ilv__loader_lists_free() && adds_now() != noted_adds)
        ilv__modules_note();
}
