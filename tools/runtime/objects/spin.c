/* SPDX-License-Identifier: MIT */
/*
 * spin.c: the model of pthread_spinlock_t (POSIX.1-2017, pthread_spin_lock).
 *
 * Four bytes have no room for a stamp, and need none: the word itself is the state, as glibc has
 * it on this architecture (1 is free, everything below is held, zeroed memory too). So memory
 * that is reused, copied or set by hand is what it would be without us. The object only gives it
 * a name.
 */
#include "objects/spin.h"

#include <errno.h>

#define FREE 1
#define HELD 0

static uint32_t object_of(pthread_spinlock_t *lock)
{
    const void *address = (const void *)(uintptr_t)lock;
    uint32_t object = ilv__object_find(ILV_CLASS_SPIN, address);
    return object != 0 ? object : ilv__object_make(ILV_CLASS_SPIN, address, sizeof *lock);
}

static pthread_spinlock_t *word_of(uint32_t object)
{
    return (pthread_spinlock_t *)(uintptr_t)ilv__object_info(object)->address;
}

static bool lock_possible(const struct task *t)
{
    return *word_of(t->info->op.object) == FREE;
}

int ilv__spin_lock(pthread_spinlock_t *lock)
{
    struct ilv_op op = ilv__op(ILV_EV_SPIN_LOCK, object_of(lock));
    ilv__point(&op, lock_possible);
    *lock = HELD;
    ilv__changed(op.object);
    ilv__done(0, 0);
    return 0;
}

int ilv__spin_trylock(pthread_spinlock_t *lock)
{
    struct ilv_op op = ilv__op(ILV_EV_SPIN_TRYLOCK, object_of(lock));
    ilv__point(&op, NULL);
    int error = *lock == FREE ? 0 : EBUSY;
    if (error == 0)
        *lock = HELD;
    ilv__changed(op.object);
    ilv__done(error, 0);
    return error;
}

int ilv__spin_unlock(pthread_spinlock_t *lock)
{
    struct ilv_op op = ilv__op(ILV_EV_SPIN_UNLOCK, object_of(lock));
    ilv__point(&op, NULL);
    *lock = FREE;
    ilv__changed(op.object);
    ilv__done(0, 0);
    return 0;
}

int ilv__spin_init(pthread_spinlock_t *lock, int shared)
{
    const void *address = (const void *)(uintptr_t)lock;
    uint32_t before = ilv__object_find(ILV_CLASS_SPIN, address);
    struct ilv_op op = ilv__op(ILV_EV_SPIN_INIT, before);
    ilv__point(&op, NULL);
    int error = ilv__real()->pthread_spin_init(lock, shared);
    uint32_t object = ilv__object_make(ILV_CLASS_SPIN, address, sizeof *lock);
    if (shared == PTHREAD_PROCESS_SHARED)
        ilv__object_info(object)->flags |= ILV_SHARED;
    ilv__self->info->op.object = object;
    ilv__done(error, before);
    return error;
}

int ilv__spin_destroy(pthread_spinlock_t *lock)
{
    struct ilv_op op = ilv__op(ILV_EV_SPIN_DESTROY, object_of(lock));
    ilv__point(&op, NULL);
    ilv__done(0, 0);
    ilv__object_info(op.object)->state = ILV_OBJECT_DESTROYED;
    return 0;
}
