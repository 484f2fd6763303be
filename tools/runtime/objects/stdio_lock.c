/* SPDX-License-Identifier: MIT */
/*
 * stdio_lock.c: the model of a stream's lock (POSIX.1-2017, flockfile).
 *
 * The real lock is the state, because libc takes it itself in every stdio call, without a
 * symbol, and because a call that waits in the kernel holds it. It is a word (0 free, 1 held, 2
 * held and somebody sleeps on it), a count and the owner's descriptor. A task that has to wait
 * writes the 2, so that libc wakes it (see ilv__stdio_lock_touched). What one of us locks is
 * locked by the real function, when it is free: it never waits there. Because libc takes the lock
 * without a word to us, a task that was chosen looks once more.
 */
#include "objects/stdio_lock.h"

#include <errno.h>

#define WORD_HELD 1
#define WORD_AWAITED 2

struct lock {
    int word;
    int count;
    void *owner;
};

static struct lock *lock_of(FILE *stream)
{
    return (struct lock *)(void *)stream->_lock;
}

int *ilv__stdio_word(FILE *stream)
{
    return &lock_of(stream)->word;
}

static uint32_t object_of(FILE *stream)
{
    const void *address = lock_of(stream);
    uint32_t object = ilv__object_find(ILV_CLASS_MUTEX, address);
    if (object == 0) {
        object = ilv__object_make(ILV_CLASS_MUTEX, address, sizeof(struct lock));
        ilv__object_info(object)->flags |= ILV_RECURSIVE;
    }
    return object;
}

static struct ilv_op operation(unsigned kind, uint32_t object)
{
    struct ilv_op op = ilv__op(kind, object);
    op.flags = ILV_RECURSIVE;
    return op;
}

/* pthread_t is the address of the thread's descriptor, which is what libc calls the owner. */
static bool lock_possible(const struct task *t)
{
    struct lock *l = (struct lock *)(uintptr_t)ilv__object_info(t->info->op.object)->address;
    if (l->word == 0 || l->owner == (void *)t->handle)
        return true;
    l->word = WORD_AWAITED;
    return false;
}

void ilv__stdio_lock(FILE *stream)
{
    struct ilv_op op = operation(ILV_EV_MUTEX_LOCK, object_of(stream));
    do {
        ilv__point(&op, lock_possible);
    } while (!lock_possible(ilv__self));
    ilv__real()->flockfile(stream);
    ilv__changed(op.object);
    ilv__done(0, 0);
}

int ilv__stdio_trylock(FILE *stream)
{
    struct ilv_op op = operation(ILV_EV_MUTEX_TRYLOCK, object_of(stream));
    ilv__point(&op, NULL);
    int error = ilv__real()->ftrylockfile(stream) == 0 ? 0 : EBUSY;
    ilv__changed(op.object);
    ilv__done(error, 0);
    return error;
}

bool ilv__stdio_unlock(FILE *stream)
{
    struct lock *l = lock_of(stream);
    struct ilv_op op = operation(ILV_EV_MUTEX_UNLOCK, object_of(stream));
    ilv__point(&op, NULL);
    bool awaited = l->word == WORD_AWAITED;
    if (awaited)
        l->word = WORD_HELD;
    ilv__real()->funlockfile(stream);
    bool free_now = l->word == 0;
    if (awaited && !free_now)
        l->word = WORD_AWAITED;
    ilv__changed(op.object);
    ilv__done(0, !free_now);
    return awaited && free_now;
}

void ilv__stdio_lock_touched(const void *word)
{
    uint32_t object = ilv__object_find(ILV_CLASS_MUTEX, word);
    if (object != 0)
        ilv__changed(object);
}
