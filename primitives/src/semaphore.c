/* SPDX-License-Identifier: MIT */
/*
 * semaphore.c: the number of units, on which waiters park while it is 0, and a count of them.
 *
 *   waiter     waiters + 1; until a unit is taken: park while units == 0; waiters - 1
 *   release    units + n; if waiters > 0, wake n
 *
 * No unit lies beside a sleeper: either release sees the waiter counted and wakes, or the waiter,
 * counted later, sees the unit: each writes its word and then reads the other's, which needs the
 * one order of all sequentially consistent operations. The waiter's read is that of the kernel,
 * which compares again before it lets anybody sleep. A woken waiter that finds no unit was
 * overtaken and parks again. Deaths leave `waiters` too high, which costs a system call; a wake-up
 * that a dead waiter took is made up for by the look of park.h.
 */
#include <errno.h>
#include <ilv/semaphore.h>

#include "annotate.h"
#include "internal.h"

_Static_assert(sizeof(struct ilv_semaphore) == 16, "arenas and other versions rely on the size");

int ilv_semaphore_init(struct ilv_semaphore *semaphore, uint32_t units)
{
    if (semaphore == NULL || units > ILV_SEMAPHORE_MAX)
        return EINVAL;
    *semaphore = (struct ilv_semaphore)ILV_SEMAPHORE_INIT(units);
    return 0;
}

static bool take(struct ilv_semaphore *semaphore)
{
    uint32_t units = __atomic_load_n(&semaphore->units, __ATOMIC_RELAXED);
    while (units > 0)
        if (__atomic_compare_exchange_n(&semaphore->units, &units, units - 1, true,
                                        __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            ilv__is_after(semaphore);
            return true;
        }
    return false;
}

static int take_or_wait(struct ilv_semaphore *semaphore, const struct timespec *deadline)
{
    bool taken = false;
    int error = 0;
    __atomic_fetch_add(&semaphore->waiters, 1, __ATOMIC_SEQ_CST);
    while (!(taken = take(semaphore)) && error == 0)
        error = ilv__park(&semaphore->units, 0, deadline, &semaphore->reach);
    __atomic_fetch_sub(&semaphore->waiters, 1, __ATOMIC_RELAXED);
    return taken ? 0 : error;
}

int ilv_semaphore_acquire_until(struct ilv_semaphore *semaphore, const struct timespec *deadline)
{
    if (semaphore == NULL || !ilv__deadline_valid(deadline))
        return EINVAL;
    return take(semaphore) ? 0 : take_or_wait(semaphore, deadline);
}

int ilv_semaphore_acquire(struct ilv_semaphore *semaphore)
{
    return ilv_semaphore_acquire_until(semaphore, NULL);
}

int ilv_semaphore_try_acquire(struct ilv_semaphore *semaphore)
{
    if (semaphore == NULL)
        return EINVAL;
    return take(semaphore) ? 0 : EAGAIN;
}

int ilv_semaphore_release_many(struct ilv_semaphore *semaphore, uint32_t units)
{
    if (semaphore == NULL)
        return EINVAL;
    uint32_t seen = __atomic_load_n(&semaphore->units, __ATOMIC_RELAXED);
    ilv__is_before(semaphore);
    do {
        if (units > ILV_SEMAPHORE_MAX - seen)
            return EOVERFLOW;
    } while (!__atomic_compare_exchange_n(&semaphore->units, &seen, seen + units, true,
                                          __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
    if (units > 0 && __atomic_load_n(&semaphore->waiters, __ATOMIC_SEQ_CST) != 0)
        ilv__wake(&semaphore->units, (int)units);
    return 0;
}

int ilv_semaphore_release(struct ilv_semaphore *semaphore)
{
    return ilv_semaphore_release_many(semaphore, 1);
}

uint32_t ilv_semaphore_units(const struct ilv_semaphore *semaphore)
{
    return semaphore != NULL ? __atomic_load_n(&semaphore->units, __ATOMIC_RELAXED) : 0;
}
