/* SPDX-License-Identifier: MIT */
/*
 * loader.c: where glibc's dynamic linker keeps its locks, and who has them.
 *
 * They lie one behind the other in its private state: the lock of everything, held while a
 * library is loaded with its constructors, and the lock of the lists, held during the calls of
 * dl_iterate_phdr. Both are recursive mutexes that know their owner by tid. In such a call the
 * second is known by its owner, and so is the first, which stands before it.
 */
#include "loader.h"

#include <dlfcn.h>
#include <link.h>

#include "backend.h"
#include "lookup.h"

#define LOCK_ALIGNMENT 8

static const pthread_mutex_t *everything, *lists; /* NULL: not found */

static bool is_lock(const pthread_mutex_t *mutex, int held)
{
    return mutex->__data.__kind == PTHREAD_MUTEX_RECURSIVE_NP && mutex->__data.__lock == held &&
           mutex->__data.__count == (unsigned)held;
}

struct range {
    const char *start, *end;
};

static int look_within(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)info;
    (void)size;
    const struct range *range = data;
    for (const char *at = range->start + sizeof(pthread_mutex_t);
         at + sizeof(pthread_mutex_t) <= range->end; at += LOCK_ALIGNMENT) {
        const pthread_mutex_t *mutex = (const void *)at;
        if (is_lock(mutex, 1) && mutex->__data.__owner == *ilv__tid_word(pthread_self()) &&
            is_lock(mutex - 1, 0)) {
            lists = mutex;
            everything = mutex - 1;
        }
    }
    return 1;
}

void ilv__loader_locate(void)
{
    const ElfW(Sym) *symbol = NULL;
    Dl_info info;
    const char *state = ilv__lookup_first("_rtld_global");
    if (state == NULL ||
        dladdr1(state, &info, (void **)(void *)(uintptr_t)&symbol, RTLD_DL_SYMENT) == 0 ||
        symbol == NULL)
        return;
    struct range range = {state, state + symbol->st_size};
    dl_iterate_phdr(look_within, &range);
}

static bool is_free_for(const pthread_mutex_t *mutex, pthread_t thread)
{
    return mutex == NULL || mutex->__data.__lock == 0 ||
           mutex->__data.__owner == *ilv__tid_word(thread);
}

bool ilv__loader_lists_free(void)
{
    return is_free_for(lists, pthread_self());
}

static bool possible(const struct task *t)
{
    return is_free_for(everything, t->handle);
}

void ilv__loader_look(void)
{
    const struct world *w = &ilv__world;
    for (uint32_t i = 0; i < w->live; i++) {
        struct task *t = &ilv__world.task[w->order[i]];
        if (t->possible == possible)
            t->ready = possible(t);
    }
}

void ilv__loader_point(const struct ilv_op *op)
{
    ilv__world.loader_waiters++;
    ilv__point(op, possible);
    ilv__world.loader_waiters--;
}
