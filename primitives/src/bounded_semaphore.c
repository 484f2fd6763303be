/* SPDX-License-Identifier: MIT */
/*
 * bounded_semaphore.c: a table of who holds how many, under a robust mutex.
 *
 * There is no count of free units: it is the bound less the sum of the table, so that one store to
 * held[i] takes or gives back a unit, and a death at any moment leaves a table that is right. A
 * place whose held[i] is 0 is free whatever its holder says; the holder is written before. Hence
 * nothing to repair when a holder of the mutex dies: whoever takes it next makes it consistent and
 * goes on.
 *
 * Waiting is that of condition.c: `changes` is read under the mutex, and moved under it.
 */
#include <errno.h>
#include <ilv/bounded_semaphore.h>
#include <string.h>

#include "mutex.h"

#define PLACES ILV_BOUNDED_SEMAPHORE_HOLDERS

_Static_assert(sizeof(struct ilv_bounded_semaphore) == 448,
               "arenas and other versions rely on the size");

int ilv_bounded_semaphore_init(struct ilv_bounded_semaphore *semaphore, uint32_t bound)
{
    if (semaphore == NULL || bound == 0)
        return EINVAL;
    memset(semaphore, 0, sizeof *semaphore);
    semaphore->bound = bound;
    return 0;
}

static bool usable(const struct ilv_bounded_semaphore *semaphore)
{
    return semaphore != NULL && semaphore->bound != 0;
}

static void enter(struct ilv_bounded_semaphore *semaphore)
{
    if (ilv__mutex_take(&semaphore->mutex))
        ilv_mutex_consistent(&semaphore->mutex);
}

static uint32_t free_units(const struct ilv_bounded_semaphore *semaphore)
{
    uint32_t units = semaphore->bound;
    for (unsigned i = 0; i < PLACES; i++)
        units -= semaphore->held[i];
    return units;
}

/* Units of another process in private memory are what the child of a fork inherited. */
static bool is_gone(struct ilv_bounded_semaphore *semaphore, ilv__life holder)
{
    if (holder == ilv__self_life())
        return false;
    return ilv__reach(semaphore, &semaphore->reach) == ILV__PRIVATE || !ilv__life_goes_on(holder);
}

static void put_back_of_the_dead(struct ilv_bounded_semaphore *semaphore)
{
    for (unsigned i = 0; i < PLACES; i++)
        if (semaphore->held[i] > 0 && is_gone(semaphore, semaphore->holder[i]))
            semaphore->held[i] = 0;
}

/* The caller's place, or with `any` else a free one; PLACES if there is none. */
static unsigned place_of(const struct ilv_bounded_semaphore *semaphore, ilv__life life, bool any)
{
    unsigned found = PLACES;
    for (unsigned i = 0; i < PLACES; i++) {
        if (semaphore->held[i] > 0 && semaphore->holder[i] == life)
            return i;
        if (any && semaphore->held[i] == 0 && found == PLACES)
            found = i;
    }
    return found;
}

/* With the mutex held. */
static int take(struct ilv_bounded_semaphore *semaphore)
{
    if (free_units(semaphore) == 0)
        put_back_of_the_dead(semaphore);
    if (free_units(semaphore) == 0)
        return EAGAIN;
    ilv__life life = ilv__self_life();
    unsigned place = place_of(semaphore, life, true);
    if (place == PLACES) {
        put_back_of_the_dead(semaphore);
        place = place_of(semaphore, life, true);
    }
    if (place == PLACES)
        return ENOSPC;
    semaphore->holder[place] = life;
    __atomic_store_n(&semaphore->held[place], semaphore->held[place] + 1, __ATOMIC_RELEASE);
    return 0;
}

/* Gives the mutex up while it is parked; holds it again when it returns. */
static int await_change(struct ilv_bounded_semaphore *semaphore, const struct timespec *deadline)
{
    uint32_t changes = __atomic_load_n(&semaphore->changes, __ATOMIC_RELAXED);
    __atomic_fetch_add(&semaphore->waiters, 1, __ATOMIC_RELAXED);
    ilv__mutex_leave(&semaphore->mutex);
    int error = ilv__park(&semaphore->changes, changes, deadline, &semaphore->reach);
    __atomic_fetch_sub(&semaphore->waiters, 1, __ATOMIC_RELAXED);
    enter(semaphore);
    return error;
}

int ilv_bounded_semaphore_acquire_until(struct ilv_bounded_semaphore *semaphore,
                                        const struct timespec *deadline)
{
    if (!usable(semaphore) || !ilv__deadline_valid(deadline))
        return EINVAL;
    int waited = 0;
    int error;
    enter(semaphore);
    while ((error = take(semaphore)) == EAGAIN && waited == 0)
        waited = await_change(semaphore, deadline);
    ilv__mutex_leave(&semaphore->mutex);
    return error == EAGAIN ? waited : error;
}

int ilv_bounded_semaphore_acquire(struct ilv_bounded_semaphore *semaphore)
{
    return ilv_bounded_semaphore_acquire_until(semaphore, NULL);
}

int ilv_bounded_semaphore_try_acquire(struct ilv_bounded_semaphore *semaphore)
{
    if (!usable(semaphore))
        return EINVAL;
    enter(semaphore);
    int error = take(semaphore);
    ilv__mutex_leave(&semaphore->mutex);
    return error;
}

int ilv_bounded_semaphore_release(struct ilv_bounded_semaphore *semaphore)
{
    if (!usable(semaphore))
        return EINVAL;
    enter(semaphore);
    unsigned place = place_of(semaphore, ilv__self_life(), false);
    if (place < PLACES) {
        __atomic_store_n(&semaphore->held[place], semaphore->held[place] - 1, __ATOMIC_RELEASE);
        __atomic_fetch_add(&semaphore->changes, 1, __ATOMIC_RELAXED);
    }
    ilv__mutex_leave(&semaphore->mutex);
    if (place == PLACES)
        return EPERM;
    if (__atomic_load_n(&semaphore->waiters, __ATOMIC_RELAXED) != 0)
        ilv__wake(&semaphore->changes, 1);
    return 0;
}

uint32_t ilv_bounded_semaphore_units(struct ilv_bounded_semaphore *semaphore)
{
    if (!usable(semaphore))
        return 0;
    enter(semaphore);
    put_back_of_the_dead(semaphore);
    uint32_t units = free_units(semaphore);
    ilv__mutex_leave(&semaphore->mutex);
    return units;
}
