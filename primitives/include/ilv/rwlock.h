/* SPDX-License-Identifier: MIT */
/*
 * rwlock.h: many read, or one writes.
 *
 * The lock is held by any number of readers, or by one writer. A writer that waits holds back
 * readers that come after it; beyond that no order is promised. The same type works between threads
 * and, in shared memory, between processes; all zero is free.
 *
 *     static struct ilv_rwlock lock;
 *
 *     ilv_rwlock_read_lock(&lock);            ilv_rwlock_write_lock(&lock);
 *     look(&data);                            change(&data);
 *     ilv_rwlock_unlock(&lock);               ilv_rwlock_unlock(&lock);
 *
 * A thread that holds it, either way, may not take it again, nor turn one way into the other. At
 * most ILV_RWLOCK_READERS threads read at one time; more wait until one of them leaves, so readers
 * must not wait for each other.
 *
 * Death. A reader that is killed, or a thread that ends, gives up its part, and nobody notices. If
 * a writer dies the data may be half changed: the next who gets the lock, for reading or for
 * writing, gets EOWNERDEAD and holds it FOR WRITING, repairs, calls ilv_rwlock_consistent(), and
 * unlocks. If it unlocks without, every later call gives ENOTRECOVERABLE until ilv_rwlock_init().
 * If it dies in its repair, the next gets EOWNERDEAD. Waiters that are killed leave nothing. Nobody
 * waits for the dead.
 *
 * Order of memory: an unlock releases, a lock acquires. Readers do not order each other.
 */
#ifndef ILV_RWLOCK_H
#define ILV_RWLOCK_H

#include <ilv/mutex.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ILV_RWLOCK_READERS 32

/* What one reader holds. */
struct ilv_rwlock_place {
    struct ilv_mutex mutex;
    uint64_t reader; /* the thread that holds it for reading; 0 or a dead one if nobody does */
};

/* Valid when all zero. The fields are the library's. */
struct ilv_rwlock {
    struct ilv_mutex gate; /* held by a writer, and by a reader that looks for a place */
    uint32_t writer_waits;
    uint32_t writing; /* whether the data may be half changed, or lost */
    uint32_t used;    /* so many places have been used; they never become fewer */
    uint32_t spare;
    uint64_t writer; /* as the reader of a place */
    struct ilv_rwlock_place place[ILV_RWLOCK_READERS];
};

#define ILV_RWLOCK_INIT \
    {                   \
        .writing = 0    \
    }

/* Makes a free lock of any memory. Nobody may use it meanwhile. EINVAL: NULL. */
int ilv_rwlock_init(struct ilv_rwlock *rwlock);

/* Ends the use of a free lock: later calls give EINVAL. EBUSY: somebody holds it, nothing was done.
 * EINVAL: NULL or destroyed. */
int ilv_rwlock_destroy(struct ilv_rwlock *rwlock);

/*
 * Takes it for reading. 0: the caller reads. EOWNERDEAD: the caller WRITES, see above. EDEADLK: the
 * caller holds it already. ENOTRECOVERABLE. EINVAL: NULL, destroyed. Is no cancellation point.
 */
int ilv_rwlock_read_lock(struct ilv_rwlock *rwlock);

/* Without waiting: EBUSY if somebody writes or waits to, or all places are taken. */
int ilv_rwlock_try_read_lock(struct ilv_rwlock *rwlock);

/* ETIMEDOUT: not until the deadline. EINVAL also for a deadline that cannot be. */
int ilv_rwlock_read_lock_until(struct ilv_rwlock *rwlock, const struct timespec *deadline);

/* The same for writing; 0 and EOWNERDEAD: the caller writes. */
int ilv_rwlock_write_lock(struct ilv_rwlock *rwlock);
int ilv_rwlock_try_write_lock(struct ilv_rwlock *rwlock);
int ilv_rwlock_write_lock_until(struct ilv_rwlock *rwlock, const struct timespec *deadline);

/* Gives up what the caller holds, either way. EPERM: it holds nothing. EINVAL. Never blocks. */
int ilv_rwlock_unlock(struct ilv_rwlock *rwlock);

/* Says that the data are whole again. Precondition: the caller got EOWNERDEAD and writes since.
 * EPERM: it does not write. EINVAL: NULL, destroyed, or nobody died. */
int ilv_rwlock_consistent(struct ilv_rwlock *rwlock);

#ifdef __cplusplus
}
#endif

#endif
