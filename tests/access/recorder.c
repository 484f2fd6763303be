/* SPDX-License-Identifier: MIT */
#include "recorder.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"

#define WATCHED 64

static struct {
    const char *name;
    const char *begin;
    size_t size;
} watched[WATCHED];
static unsigned watching;
static const char *code_begin, *code_end;
static const char *part; /* NULL: nothing is written down */
static FILE *record;
static unsigned modules;

static const char *const orders[] = {"relaxed", "consume", "acquire",
                                     "release", "acq_rel", "seq_cst"};

static void line(const void *pc, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void line(const void *pc, const char *format, ...)
{
    va_list list;
    if (!record)
        record = fopen(getenv("RECORD") ? getenv("RECORD") : "record", "we");
    va_start(list, format);
    vfprintf(record, format, list);
    va_end(list);
    if (pc && ((const char *)pc < code_begin || (const char *)pc >= code_end))
        fprintf(record, " stray");
    putc('\n', record);
}

/* What an address is called; NULL: nobody watches it. */
static const char *name_of(const volatile void *address, char *out, size_t size)
{
    const char *at = (const char *)(uintptr_t)address;
    for (unsigned i = 0; part && i < watching; i++) {
        if (at >= watched[i].begin && at < watched[i].begin + watched[i].size) {
            size_t offset = (size_t)(at - watched[i].begin);
            snprintf(out, size, offset ? "%s+%zu" : "%s", watched[i].name, offset);
            return out;
        }
    }
    return NULL;
}

static void access_told(const char *verb, const volatile void *address, size_t size, const void *pc)
{
    char name[64];
    int error = errno;
    if (size && name_of(address, name, sizeof name))
        line(pc, "%s %zu %s", verb, size, name);
    errno = error;
}

#define SIZED(hook, verb, size)                                 \
    static void hook##size(const void *address, const void *pc) \
    {                                                           \
        access_told(verb, address, size, pc);                   \
    }
#define EACH(hook, verb) \
    SIZED(hook, verb, 1) \
    SIZED(hook, verb, 2) SIZED(hook, verb, 4) SIZED(hook, verb, 8) SIZED(hook, verb, 16)
EACH(read, "read")
EACH(write, "write")
EACH(update, "update")
EACH(volatile_read, "volatile read")
EACH(volatile_write, "volatile write")
#define ALL(hook)                                    \
    {                                                \
        hook##1, hook##2, hook##4, hook##8, hook##16 \
    }

static void range_read(const void *address, size_t size, const void *pc)
{
    access_told("read", address, size, pc);
}

static void range_write(const void *address, size_t size, const void *pc)
{
    access_told("write", address, size, pc);
}

static void vptr_read(const void *address, const void *pc)
{
    access_told("vptr read", address, 8, pc);
}

static void vptr_write(const void *address, const void *value, const void *pc)
{
    access_told(value ? "vptr write" : "vptr write of NULL", address, 8, pc);
}

static void function_entry(const void *caller, const void *pc)
{
    if (part && !strncmp(part, "function", 8))
        line(pc, caller && caller != pc ? "entry" : "entry from nowhere");
}

static void function_exit(void)
{
    if (part && !strncmp(part, "function", 8))
        line(NULL, "exit");
}

static int atomic_begin(const struct ilv_atomic_access *access)
{
    (void)access;
    return getenv("SPURIOUS") != NULL;
}

static void atomic_end(const struct ilv_atomic_access *access, uint64_t before, uint64_t after,
                       int wrote)
{
    static const char *const verbs[] = {"load", "store", "update", "compare", "fence"};
    char name[64], failure[64] = "";
    int error = errno;
    if (access->what == ILV_ATOMIC_FENCE && part)
        line(access->pc, "fence %s", orders[access->order]);
    else if (name_of(access->address, name, sizeof name)) {
        if (access->what == ILV_ATOMIC_COMPARE)
            snprintf(failure, sizeof failure, "/%s", orders[access->failure_order]);
        line(access->pc, "%s %u %s %s%s%s: %llx -> %llx%s", verbs[access->what], access->size, name,
             orders[access->order], failure, access->weak ? " weak" : "",
             (unsigned long long)before, (unsigned long long)after, wrote ? "" : " unchanged");
    }
    errno = error;
}

static uintptr_t annotation(unsigned which, const void *address, uintptr_t value, const void *pc)
{
    static const char *const names[] = {
#define ANNOTATION(NAME, gloss) #NAME,
#include "annotations.def"
#undef ANNOTATION
    };
    char name[64];
    if (!part)
        return 0;
    if (!name_of(address, name, sizeof name))
        snprintf(name, sizeof name, "%s", address ? "something" : "-");
    line(pc, "%s %s %llx", names[which], name, (unsigned long long)value);
    return 0x77;
}

static const struct ilv_access_hooks hooks = {
    .version = ILV_ACCESS_VERSION,
    .size = sizeof hooks,
    .read = ALL(read),
    .write = ALL(write),
    .update = ALL(update),
    .volatile_read = ALL(volatile_read),
    .volatile_write = ALL(volatile_write),
    .read_range = range_read,
    .write_range = range_write,
    .vptr_read = vptr_read,
    .vptr_write = vptr_write,
    .function_entry = function_entry,
    .function_exit = function_exit,
    .libc_read = range_read,
    .libc_write = range_write,
    .atomic_begin = atomic_begin,
    .atomic_end = atomic_end,
    .annotation = annotation,
};

__attribute__((visibility("default"))) void ilv_access_attach(struct ilv_access_module *module)
{
    modules++;
    module->hooks = &hooks;
    module->on = module->version == ILV_ACCESS_VERSION;
    if (getenv("MODULES"))
        fprintf(stderr, "module %u real %u options %s suppressions %s\n", modules, module->real,
                module->default_options ? module->default_options() : "-",
                module->default_suppressions ? module->default_suppressions() : "-");
}

__attribute__((visibility("default"))) void ilv_access_detach(struct ilv_access_module *module)
{
    (void)module;
    modules--;
    if (getenv("MODULES"))
        fprintf(stderr, "%u left\n", modules);
}

__attribute__((visibility("default"))) void
recorder_watch(const char *name, const volatile void *address, size_t size)
{
    if (watching == WATCHED)
        abort();
    watched[watching].name = name;
    watched[watching].begin = (const char *)(uintptr_t)address;
    watched[watching++].size = size;
}

__attribute__((visibility("default"))) void recorder_code(const void *begin, const void *end)
{
    code_begin = begin;
    code_end = end;
}

__attribute__((visibility("default"))) void recorder_mark(const char *name)
{
    part = name;
    if (name)
        line(NULL, "[%s]", name);
    else if (record)
        fflush(record);
}
