/* SPDX-License-Identifier: MIT */
/*
 * access.c: the second door. Code that `interleave cc` compiled calls these hooks at its loads,
 * stores and atomic operations (tools/access/access.h); what they mean is objects/memory.c's.
 *
 * Most accesses end here: there is one task only, or the task has made the same access since it
 * last synchronised and nobody contends for the word.
 */
#include "access.h"

#include "intercept/annotation.h"
#include "intercept/doors.h"
#include "objects/blocks.h"
#include "objects/memory.h"
#include "objects/unseen.h"

#define WORD_MASK 7u

/* Whether this access need not be looked at any further. */
static inline bool watched(void)
{
    return ilv_unlikely(ilv__watch.on) && ilv__managed();
}

static inline bool is_quiet(const void *address, unsigned size, bool write)
{
    uint64_t at = (uint64_t)(uintptr_t)address;
    struct task *t = ilv__self;
    if (size > 8 || (at & WORD_MASK) + size > 8 || ilv_unlikely(ilv__watch.each))
        return false;
    if (!ilv_race_same(ilv__watch.race, t->race, at, size, write))
        return false;
    return ++t->quiet < ILV_QUIET_MOST;
}

static void look(const void *address, size_t size, unsigned event, unsigned what, const void *pc)
{
    struct access access = {.address = (uint64_t)(uintptr_t)address,
                            .size = size,
                            .pc = pc,
                            .event = (uint16_t)event,
                            .what = (uint16_t)what};
    ilv__memory_access(&access);
}

#define PLAIN(size)                                                       \
    static void read_##size(const void *address, const void *pc)          \
    {                                                                     \
        if (watched() && !is_quiet(address, size, false))                 \
            look(address, size, ILV_EV_MEMORY_READ, 0, pc);               \
    }                                                                     \
    static void write_##size(const void *address, const void *pc)         \
    {                                                                     \
        if (watched() && !is_quiet(address, size, true))                  \
            look(address, size, ILV_EV_MEMORY_WRITE, ILV_RACE_WRITE, pc); \
    }                                                                     \
    static void update_##size(const void *address, const void *pc)        \
    {                                                                     \
        if (!watched())                                                   \
            return;                                                       \
        look(address, size, ILV_EV_MEMORY_READ, 0, pc);                   \
        look(address, size, ILV_EV_MEMORY_WRITE, ILV_RACE_WRITE, pc);     \
    }
PLAIN(1)
PLAIN(2)
PLAIN(4)
PLAIN(8)
PLAIN(16)
#undef PLAIN

static void read_range(const void *address, size_t size, const void *pc)
{
    if (watched() && size != 0)
        look(address, size, ILV_EV_MEMORY_READ, 0, pc);
}

static void write_range(const void *address, size_t size, const void *pc)
{
    if (watched() && size != 0)
        look(address, size, ILV_EV_MEMORY_WRITE, ILV_RACE_WRITE, pc);
}

static void libc_read(const void *address, size_t size, const void *pc)
{
    if (watched() && size != 0)
        look(address, size, ILV_EV_MEMORY_READ, ILV_RACE_LIBC, pc);
}

static void libc_write(const void *address, size_t size, const void *pc)
{
    if (watched() && size != 0)
        look(address, size, ILV_EV_MEMORY_WRITE, ILV_RACE_WRITE | ILV_RACE_LIBC, pc);
}

static void vptr_read(const void *address, const void *pc)
{
    if (watched() && !is_quiet(address, sizeof(void *), false))
        look(address, sizeof(void *), ILV_EV_MEMORY_READ, ILV_RACE_VPTR, pc);
}

/* A destructor stores the value that is there already: that is no write. */
static void vptr_write(const void *address, const void *value, const void *pc)
{
    if (!watched() || *(const void *const *)address == value)
        return;
    look(address, sizeof(void *), ILV_EV_MEMORY_WRITE, ILV_RACE_WRITE | ILV_RACE_VPTR, pc);
}

static void function_entry(const void *return_address, const void *pc)
{
    if (ilv_likely(ilv__self != NULL))
        ilv__call_entered(ilv__self, return_address, pc, __builtin_frame_address(0));
}

static void function_exit(void)
{
    if (ilv_likely(ilv__self != NULL))
        ilv__call_left(ilv__self);
}

static int atomic_begin(const struct ilv_atomic_access *access)
{
    return watched() ? ilv__memory_atomic_begin(access) : 0;
}

static void atomic_end(const struct ilv_atomic_access *access, uint64_t before, uint64_t after,
                       int wrote)
{
    if (watched())
        ilv__memory_atomic_end(access, before, after, wrote != 0);
}

static const struct ilv_access_hooks hooks = {
    .version = ILV_ACCESS_VERSION,
    .size = sizeof hooks,
    .read = {read_1, read_2, read_4, read_8, read_16},
    .write = {write_1, write_2, write_4, write_8, write_16},
    .update = {update_1, update_2, update_4, update_8, update_16},
    .volatile_read = {read_1, read_2, read_4, read_8, read_16},
    .volatile_write = {write_1, write_2, write_4, write_8, write_16},
    .read_range = read_range,
    .write_range = write_range,
    .vptr_read = vptr_read,
    .vptr_write = vptr_write,
    .function_entry = function_entry,
    .function_exit = function_exit,
    .libc_read = libc_read,
    .libc_write = libc_write,
    .atomic_begin = atomic_begin,
    .atomic_end = atomic_end,
    .annotation = ilv__annotation,
};

/* Modules come before the program's start, or with dlopen. */
__attribute__((visibility("default"))) void ilv_access_attach(struct ilv_access_module *module)
{
    if (!ilv__world.serving || module->version != ILV_ACCESS_VERSION)
        return;
    bool inside = ilv__managed();
    if (inside)
        ilv__enter();
    ilv__seen(module->text);
    ilv__blocks_begin();
    ilv__memory_prepare();
    ilv__world.run->instrumented = 1;
    module->hooks = &hooks;
    __atomic_store_n(&module->on, 1, __ATOMIC_RELEASE);
    if (inside)
        ilv__exit();
}

__attribute__((visibility("default"))) void ilv_access_detach(struct ilv_access_module *module)
{
    __atomic_store_n(&module->on, 0, __ATOMIC_RELEASE);
}
