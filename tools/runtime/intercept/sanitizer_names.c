/* SPDX-License-Identifier: MIT */
/*
 * sanitizer_names.c: names for a sanitizer's report.
 *
 * A sanitizer that reports looks up names by starting another program, which would take longer
 * than a thousand runs. It looks for functions of these names first (an interface of its own,
 * declared weak), and with these here it stays in the process. Its suppressions go by function,
 * variable and module; files and lines it is not told, ours are looked up by the explorer.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "intercept/sanitizer.h"
#include "lookup.h"
#include "program_symbols.h"

#define EXPORT __attribute__((visibility("default")))
#define NAME_MAX_SIZE 512

EXPORT int __sanitizer_symbolize_code(const char *module, uint64_t offset, char *out, int size);
EXPORT int __sanitizer_symbolize_data(const char *module, uint64_t offset, char *out, int size);
EXPORT int __sanitizer_symbolize_frame(const char *module, uint64_t offset, char *out, int size);
EXPORT int __sanitizer_symbolize_demangle(const char *name, char *out, int size);
EXPORT int __sanitizer_symbolize_set_demangle(int demangle);
EXPORT int __sanitizer_symbolize_set_inline_frames(int inline_frames);
EXPORT void __sanitizer_symbolize_flush(void);

/* The symbol in which an address lies. */
struct hit {
    uint64_t address;
    uint64_t start;
    uint64_t size;
    char name[NAME_MAX_SIZE];
};

static void note_symbol(const char *name, uint64_t start, uint64_t size, void *context)
{
    struct hit *hit = context;
    if (hit->name[0] != 0 || hit->address < start || hit->address >= start + size)
        return;
    size_t n = strnlen(name, sizeof hit->name - 1);
    hit->start = start;
    hit->size = size;
    memcpy(hit->name, name, n);
    hit->name[n] = 0;
}

static const struct ilv_module *module_named(const char *path)
{
    const struct ilv_run *run = ilv__world.run;
    for (uint32_t i = 0; i < run->module_count; i++)
        if (strcmp(run->module[i].path, path) == 0)
            return &run->module[i];
    return NULL;
}

/* Put together by hand, with n the place of the next byte. */
static int put(char *out, int size, int n, const char *text)
{
    while (*text != 0 && n + 1 < size)
        out[n++] = *text++;
    out[n] = 0;
    return n;
}

static int put_number(char *out, int size, int n, uint64_t value)
{
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    return put(out, size, n, &digits[at]);
}

/* Looks the place up and writes its name and a line break; the place of the next byte, or 0. */
static int name_of(const char *path, uint64_t offset, unsigned type, struct hit *hit, char *out,
                   int size)
{
    const struct ilv_module *module = module_named(path);
    if (module == NULL || size <= 1)
        return 0;
    *hit = (struct hit){.address = module->base + offset};
    bool managed = ilv__managed();
    if (managed)
        ilv__enter();
    ilv__file_symbols(path, module->base, type, note_symbol, hit);
    if (managed)
        ilv__exit();
    if (hit->name[0] == 0)
        return 0;
    if (__sanitizer_symbolize_demangle(hit->name, out, size) == 0)
        put(out, size, 0, hit->name);
    return put(out, size, (int)strlen(out), "\n");
}

/* "function", "file:line:column" of each inlined frame, and an empty line. */
int __sanitizer_symbolize_code(const char *module, uint64_t offset, char *out, int size)
{
    struct hit hit;
    int n = name_of(module, offset, STT_FUNC, &hit, out, size);
    if (n != 0)
        put(out, size, n, "??:0:0\n\n");
    return n != 0;
}

/* "variable", "start size", "file:line". */
int __sanitizer_symbolize_data(const char *module, uint64_t offset, char *out, int size)
{
    struct hit hit;
    int n = name_of(module, offset, STT_OBJECT, &hit, out, size);
    if (n == 0)
        return 0;
    n = put_number(out, size, n, hit.start - (hit.address - offset));
    n = put(out, size, n, " ");
    n = put_number(out, size, n, hit.size);
    put(out, size, n, "\n??:0\n\n");
    return 1;
}

int __sanitizer_symbolize_frame(const char *module, uint64_t offset, char *out, int size)
{
    (void)module;
    (void)offset;
    put(out, size, 0, "");
    return 0;
}

/* By the program's own C++ library; where there is none, nothing is mangled. */
int __sanitizer_symbolize_demangle(const char *name, char *out, int size)
{
    char *(*demangle)(const char *, char *, size_t *, int *) = NULL;
    void (*release)(void *) = NULL;
    int status = 0;
    *(void **)(void *)&demangle = ilv__lookup_first("__cxa_demangle");
    *(void **)(void *)&release = ilv__lookup_first("free");
    if (demangle == NULL || release == NULL || size <= 0)
        return 0;
    char *plain = demangle(name, NULL, NULL, &status);
    if (plain == NULL)
        return 0;
    put(out, size, 0, plain);
    release(plain);
    return 1;
}

int __sanitizer_symbolize_set_demangle(int demangle)
{
    (void)demangle;
    return 1;
}

int __sanitizer_symbolize_set_inline_frames(int inline_frames)
{
    (void)inline_frames;
    return 1;
}

void __sanitizer_symbolize_flush(void)
{
}
