/* SPDX-License-Identifier: MIT */
/*
 * mutex.h: one at a time.
 *
 * A mutex is free or held by exactly one thread. The same type works between the threads of one
 * process and, where it lies in memory that several processes share, between all their threads;
 * nothing says which, and nothing needs to be made first: a mutex that is all zero is free.
 *
 *     static struct ilv_mutex lock;              in static storage, in an arena, in a calloc
 *
 *     switch (ilv_mutex_lock(&lock)) {
 *     case EOWNERDEAD:
 *         repair(&data);                         what the dead left half done
 *         ilv_mutex_consistent(&lock);
 *         break;
 *     case 0: break;
 *     default: return;                           we do not hold it
 *     }
 *     change(&data);
 *     ilv_mutex_unlock(&lock);
 *
 * Death. A process that ends, however it ends, or a thread that ends while it holds the mutex
 * gives it up: one waiter, or the next who comes, gets EOWNERDEAD and HOLDS the mutex. The data may
 * be half changed; it repairs them and says so with ilv_mutex_consistent(). If it unlocks without
 * saying so, the data are lost: every later call gives ENOTRECOVERABLE, until ilv_mutex_init().
 * Nobody waits for a dead holder, and a waiter that dies leaves no trace: a wake-up that it took
 * along is made up for, because in shared memory who waits looks again every 100 ms. (With
 * pthread_mutex_lock others then sleep for ever beside a free robust mutex.) A holder that runs
 * exec gives it up.
 *
 * Fork. The child does not hold what its parent holds. In shared memory it waits for its parent as
 * for anybody else. In private memory it has a copy; where a thread of the parent held the mutex at
 * the fork, the data in the copy may be half changed, and the first in the child who locks gets
 * EOWNERDEAD. (A child made without fork()'s handlers waits for ever.)
 *
 * Illegal: to copy or move a mutex that was used; to unmap or free the memory of one that is held;
 * to take it in a signal handler. Processes that share a mutex must share a space of pids. Memory
 * that is not zero and was never a mutex is refused (EINVAL) but for an accident in 2^32.
 *
 * Order of memory: unlock releases, a lock that gave 0 or EOWNERDEAD acquires.
 */
#ifndef ILV_MUTEX_H
#define ILV_MUTEX_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Valid when all zero. The fields are the library's. */
struct ilv_mutex {
    pthread_mutex_t lock;
    uint32_t state;
    uint32_t reach;
};

#define ILV_MUTEX_INIT \
    {                  \
        .state = 0     \
    }

/*
 * Makes a free mutex of any memory, also of one that was destroyed or is not recoverable. Nobody
 * may use it meanwhile. Not needed for memory that is zero. EINVAL: NULL. Never blocks.
 */
int ilv_mutex_init(struct ilv_mutex *mutex);

/*
 * Ends the use of a free mutex: later calls give EINVAL. EBUSY: somebody holds it, nothing
 * was done. EINVAL: NULL or destroyed. Never blocks. A mutex holds nothing beside its memory, so
 * that forgetting to destroy it leaks nothing.
 */
int ilv_mutex_destroy(struct ilv_mutex *mutex);

/*
 * Waits until the mutex is free and takes it. 0 and EOWNERDEAD: the caller holds it. EDEADLK: the
 * caller holds it already. ENOTRECOVERABLE: see above. EINVAL: NULL, destroyed, never a mutex. No
 * order is promised among those who wait. Is no cancellation point.
 */
int ilv_mutex_lock(struct ilv_mutex *mutex);

/* The same, without waiting: EBUSY if another holds it. Never blocks. */
int ilv_mutex_try_lock(struct ilv_mutex *mutex);

/* The same as lock, until a deadline: ETIMEDOUT; EINVAL also for a deadline that cannot be. */
int ilv_mutex_lock_until(struct ilv_mutex *mutex, const struct timespec *deadline);

/* Gives it up, and wakes one who waits. EPERM: the caller does not hold it, nothing was done.
 * EINVAL: NULL, destroyed, never a mutex. Never blocks. */
int ilv_mutex_unlock(struct ilv_mutex *mutex);

/* Says that the data are whole again. Precondition: the caller got EOWNERDEAD and holds the mutex
 * since. EINVAL: NULL, destroyed, or nobody died; EPERM: the caller does not hold it. */
int ilv_mutex_consistent(struct ilv_mutex *mutex);

#ifdef __cplusplus
}
#endif

#endif
