/* SPDX-License-Identifier: MIT */
/*
 * rlock.h: a mutex that its holder may take again.
 *
 * As mutex.h in everything that is not said here: the same type for threads and for processes,
 * free when all zero, robust, deadlines, errors. The thread that holds it may lock it again and has
 * to unlock it as often; others get in after the last unlock.
 *
 *     static struct ilv_rlock lock;
 *     ilv_rlock_lock(&lock);
 *     ilv_rlock_lock(&lock);                  at once: it is ours
 *     ilv_rlock_unlock(&lock);
 *     ilv_rlock_unlock(&lock);                now another may
 *
 * Death. However often the dead had taken it, the next gets EOWNERDEAD, holds it once, repairs and
 * calls ilv_rlock_consistent(). While it is not consistent it may be taken again (0) by its
 * holder; the last unlock without consistent makes it ENOTRECOVERABLE.
 *
 * A recursive lock hides whether data are whole where a function begins; prefer a mutex.
 */
#ifndef ILV_RLOCK_H
#define ILV_RLOCK_H

#include <ilv/mutex.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Valid when all zero. The fields are the library's. */
struct ilv_rlock {
    struct ilv_mutex mutex;
    uint32_t owner; /* thread id of the holder; 0 or a dead one's if it is free */
    uint32_t depth; /* how often; guarded by the mutex */
};

#define ILV_RLOCK_INIT \
    {                  \
        .owner = 0     \
    }

/* As the functions of the mutex with the same names; here what differs. */
int ilv_rlock_init(struct ilv_rlock *rlock);
int ilv_rlock_destroy(struct ilv_rlock *rlock); /* EBUSY also when the caller holds it */

/* Never EDEADLK. EAGAIN: taken 2^32 - 1 times already, nothing was done. */
int ilv_rlock_lock(struct ilv_rlock *rlock);
int ilv_rlock_try_lock(struct ilv_rlock *rlock);
int ilv_rlock_lock_until(struct ilv_rlock *rlock, const struct timespec *deadline);

/* Takes back one lock of the caller. EPERM: the caller does not hold it. */
int ilv_rlock_unlock(struct ilv_rlock *rlock);

int ilv_rlock_consistent(struct ilv_rlock *rlock);

#ifdef __cplusplus
}
#endif

#endif
