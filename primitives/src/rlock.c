/* SPDX-License-Identifier: MIT */
/*
 * rlock.c: glibc's recursive robust mutex, and beside it the depth, which a condition must know.
 *
 * The owner and the depth are written by the holder only. Who asks whether it is the holder may
 * find the number of a dead thread that it has itself by now: it then takes itself for the holder
 * in unlock alone, where pthread_mutex_unlock refuses; and the depth, wrong by then, is set anew by
 * the next who locks, because that one gets EOWNERDEAD. Lock does not ask: the mutex counts.
 */
#include "rlock.h"

#include <string.h>

#include "mutex.h"

_Static_assert(sizeof(struct ilv_rlock) == 56, "arenas and other versions rely on the size");

static int ready(struct ilv_rlock *rlock)
{
    return rlock == NULL ? EINVAL : ilv__mutex_ready(&rlock->mutex, PTHREAD_MUTEX_RECURSIVE);
}

static bool mine(const struct ilv_rlock *rlock)
{
    return __atomic_load_n(&rlock->owner, __ATOMIC_RELAXED) == (uint32_t)ilv__tid();
}

/* After the mutex gave this result. */
static int taken(struct ilv_rlock *rlock, int error)
{
    if (error != 0 && error != EOWNERDEAD)
        return error;
    rlock->depth = error == EOWNERDEAD ? 1 : rlock->depth + 1;
    __atomic_store_n(&rlock->owner, (uint32_t)ilv__tid(), __ATOMIC_RELAXED);
    return error;
}

int ilv_rlock_init(struct ilv_rlock *rlock)
{
    if (rlock == NULL)
        return EINVAL;
    memset(rlock, 0, sizeof *rlock);
    return 0;
}

int ilv_rlock_destroy(struct ilv_rlock *rlock)
{
    int error = ready(rlock);
    if (error != 0)
        return error;
    return mine(rlock) ? EBUSY : ilv__mutex_destroy(&rlock->mutex, PTHREAD_MUTEX_RECURSIVE);
}

int ilv_rlock_lock(struct ilv_rlock *rlock)
{
    int error = ready(rlock);
    if (error != 0)
        return error;
    return taken(rlock, ilv__mutex_lock(&rlock->mutex));
}

int ilv_rlock_try_lock(struct ilv_rlock *rlock)
{
    int error = ready(rlock);
    if (error != 0)
        return error;
    return taken(rlock, ilv__mutex_try(&rlock->mutex));
}

int ilv_rlock_lock_until(struct ilv_rlock *rlock, const struct timespec *deadline)
{
    if (rlock == NULL)
        return EINVAL;
    return taken(rlock, ilv__mutex_lock_until(&rlock->mutex, deadline, PTHREAD_MUTEX_RECURSIVE));
}

int ilv_rlock_unlock(struct ilv_rlock *rlock)
{
    int error = ready(rlock);
    if (error != 0)
        return error;
    if (!mine(rlock))
        return EPERM;
    if (--rlock->depth == 0)
        __atomic_store_n(&rlock->owner, 0, __ATOMIC_RELAXED);
    return ilv__mutex_unlock(&rlock->mutex);
}

int ilv_rlock_consistent(struct ilv_rlock *rlock)
{
    int error = ready(rlock);
    return error != 0 ? error : pthread_mutex_consistent(&rlock->mutex.lock);
}

int ilv__rlock_give_up(struct ilv_rlock *rlock, uint32_t *depth)
{
    int error = ready(rlock);
    if (error != 0)
        return error;
    if (!mine(rlock))
        return EPERM;
    *depth = rlock->depth;
    for (uint32_t i = 0; i < *depth; i++)
        ilv_rlock_unlock(rlock);
    return 0;
}

int ilv__rlock_take_again(struct ilv_rlock *rlock, uint32_t depth)
{
    int first = ilv_rlock_lock(rlock);
    if (first != 0 && first != EOWNERDEAD)
        return first;
    for (uint32_t i = 1; i < depth; i++)
        ilv_rlock_lock(rlock);
    return first;
}
