/* SPDX-License-Identifier: MIT */
/*
 * bounded_semaphore.h: so many may have one at a time.
 *
 * A bounded semaphore guards a number of equal resources: at most `bound` units are out at any
 * time, and it knows which process holds how many. Units belong to the process, not to the thread:
 * one thread may acquire and another of the same process release.
 *
 *     static struct ilv_bounded_semaphore connections = ILV_BOUNDED_SEMAPHORE_INIT(4);
 *
 *     ilv_bounded_semaphore_acquire(&connections);
 *     use one of four;
 *     ilv_bounded_semaphore_release(&connections);
 *
 * The same type works between threads and, in shared memory, between processes. All zero has
 * the bound 0 and is refused.
 *
 * Death. What a process held when it ended, however it ended, is free again: one who waits in
 * vain looks for dead holders within 100 ms, try_acquire at once. Waiters that are killed leave
 * nothing. The processes that hold units at one time are at most ILV_BOUNDED_SEMAPHORE_HOLDERS;
 * they share a space of pids. A forked child holds nothing of what its parent holds, and in its
 * copy of a semaphore in private memory all units are free.
 *
 * Order of memory: release releases, an acquire that gave 0 acquires.
 */
#ifndef ILV_BOUNDED_SEMAPHORE_H
#define ILV_BOUNDED_SEMAPHORE_H

#include <ilv/mutex.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ILV_BOUNDED_SEMAPHORE_HOLDERS 32

/* The fields are the library's. There is nothing to destroy. */
struct ilv_bounded_semaphore {
    struct ilv_mutex mutex; /* guards all but changes and waiters, which it only orders */
    uint32_t bound;
    uint32_t changes; /* units given back so far; the word on which waiters park */
    uint32_t waiters; /* at least as many as there are */
    uint32_t reach;
    uint64_t holder[ILV_BOUNDED_SEMAPHORE_HOLDERS];
    uint32_t held[ILV_BOUNDED_SEMAPHORE_HOLDERS]; /* what this holder has; 0: the place is free */
};

#define ILV_BOUNDED_SEMAPHORE_INIT(count) \
    {                                     \
        .bound = (count)                  \
    }

/* Makes a semaphore of which all units are free, of any memory. Nobody may use it meanwhile.
 * EINVAL: NULL, or bound 0. */
int ilv_bounded_semaphore_init(struct ilv_bounded_semaphore *semaphore, uint32_t bound);

/* Takes a unit for the calling process, waits for one. No order is promised among those who wait.
 * ENOSPC: more processes hold units than there are places, nothing was done. EINVAL: NULL, or the
 * bound is 0. Is no cancellation point. */
int ilv_bounded_semaphore_acquire(struct ilv_bounded_semaphore *semaphore);

/* The same, without waiting: EAGAIN if no unit is free. Blocks no longer than others hold the
 * semaphore's own mutex. */
int ilv_bounded_semaphore_try_acquire(struct ilv_bounded_semaphore *semaphore);

/* As acquire; ETIMEDOUT: none until the deadline. EINVAL also for a deadline that cannot be. */
int ilv_bounded_semaphore_acquire_until(struct ilv_bounded_semaphore *semaphore,
                                        const struct timespec *deadline);

/* Gives a unit back and wakes one who waits. EPERM: the calling process holds none, nothing was
 * done; so there are never more units than the bound. EINVAL as above. */
int ilv_bounded_semaphore_release(struct ilv_bounded_semaphore *semaphore);

/* How many units are free now, those of dead holders counted; may be old when it returns. 0 for
 * NULL. */
uint32_t ilv_bounded_semaphore_units(struct ilv_bounded_semaphore *semaphore);

#ifdef __cplusplus
}
#endif

#endif
