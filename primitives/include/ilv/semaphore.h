/* SPDX-License-Identifier: MIT */
/*
 * semaphore.h: a number of units that are put and taken.
 *
 * acquire takes one unit and waits while there is none; release puts one, or several. Nobody owns a
 * unit: whoever likes may release, also who never acquired. That makes it a signal between
 * tasks ("three more are ready"). To guard resources that are taken and given back, use
 * bounded_semaphore.h, which knows who holds them.
 *
 * The same type works between threads and, in shared memory, between processes. All zero is a
 * semaphore without units.
 *
 *     static struct ilv_semaphore ready;     producer: put(); ilv_semaphore_release(&ready);
 *                                            consumer: ilv_semaphore_acquire(&ready); take();
 *
 * Death. A unit is taken in one step: a killed task has taken it or has not, and what it took is
 * gone, as it would be had it returned. A killed waiter keeps nobody waiting: if it was woken in
 * place of another, in shared memory that other notices within 100 ms, and so do all if a task is
 * killed in release between the put and the wake-up.
 *
 * Order of memory: release releases, an acquire that gave 0 acquires.
 */
#ifndef ILV_SEMAPHORE_H
#define ILV_SEMAPHORE_H

#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ILV_SEMAPHORE_MAX 0x7fffffffU

/* Valid when all zero. The fields are the library's. There is nothing to destroy. */
struct ilv_semaphore {
    uint32_t units;
    uint32_t waiters; /* at least as many as there are; a killed one stays counted */
    uint32_t reach;
    uint32_t spare;
};

/* A semaphore with so many units, for static storage. */
#define ILV_SEMAPHORE_INIT(count) \
    {                             \
        .units = (count)          \
    }

/* Makes a semaphore with so many units of any memory. Nobody may use it meanwhile. EINVAL: NULL,
 * or more units than ILV_SEMAPHORE_MAX. */
int ilv_semaphore_init(struct ilv_semaphore *semaphore, uint32_t units);

/* Takes a unit, waits for one. No order is promised among those who wait. EINVAL: NULL. Is no
 * cancellation point. */
int ilv_semaphore_acquire(struct ilv_semaphore *semaphore);

/* Takes a unit if there is one: 0, else EAGAIN. EINVAL: NULL. Never blocks. */
int ilv_semaphore_try_acquire(struct ilv_semaphore *semaphore);

/* As acquire; ETIMEDOUT: no unit until the deadline, none was taken. EINVAL also for a
 * deadline that cannot be. */
int ilv_semaphore_acquire_until(struct ilv_semaphore *semaphore, const struct timespec *deadline);

/* Puts one unit and wakes one who waits. EOVERFLOW: there would be more than ILV_SEMAPHORE_MAX,
 * nothing was done. EINVAL: NULL. Never blocks; a system call only if somebody may wait. May be
 * called in a signal handler. */
int ilv_semaphore_release(struct ilv_semaphore *semaphore);

/* Puts so many units in one step. 0 units: nothing is done. Errors as above. */
int ilv_semaphore_release_many(struct ilv_semaphore *semaphore, uint32_t units);

/* How many units there are now; may be old when it returns. 0 for NULL. */
uint32_t ilv_semaphore_units(const struct ilv_semaphore *semaphore);

#ifdef __cplusplus
}
#endif

#endif
