/* SPDX-License-Identifier: MIT */
/*
 * condition.c: a word that counts notifications, and a count of those who may be parked on it.
 *
 *   waiter, holding the mutex     c = changes; waiters + 1; give up the mutex;
 *                                 park while changes == c; waiters - 1; take the mutex
 *   notifier                      changes + 1; if waiters > 0, wake
 *
 * No notification is lost: (1) a change under the mutex that the waiter did not see was made after
 * the waiter gave the mutex up, so its notifier, who comes later still, sees the waiter counted and
 * makes `changes` differ from c: the waiter does not fall asleep, or is parked and woken. (2) A
 * waiter that is no longer counted takes the mutex and looks at the data before it counts itself
 * again. Both stand on the order that the mutex gives; the words themselves need none. (3) Deaths
 * leave the count too high, which costs a system call, and never too low. (4) A wake-up that
 * a dead waiter took, and one that a dead notifier owes, are made up for by the look of park.h.
 *
 * `changes` comes round after 2^32 notifications between two instructions of one waiter.
 */
#include <ilv/condition.h>

#include "mutex.h"
#include "rlock.h"

_Static_assert(sizeof(struct ilv_condition) == 16, "arenas and other versions rely on the size");

/* Either kind of lock. */
struct guard {
    struct ilv_mutex *mutex;
    struct ilv_rlock *rlock;
    uint32_t depth;
};

static int give_up(struct guard *guard)
{
    if (guard->mutex != NULL)
        return ilv_mutex_unlock(guard->mutex);
    return ilv__rlock_give_up(guard->rlock, &guard->depth);
}

static int take_again(struct guard *guard)
{
    if (guard->mutex != NULL)
        return ilv_mutex_lock(guard->mutex);
    return ilv__rlock_take_again(guard->rlock, guard->depth);
}

static int wait(struct ilv_condition *condition, struct guard guard,
                const struct timespec *deadline)
{
    if (condition == NULL || !ilv__deadline_valid(deadline))
        return EINVAL;
    uint32_t changes = __atomic_load_n(&condition->changes, __ATOMIC_RELAXED);
    __atomic_fetch_add(&condition->waiters, 1, __ATOMIC_RELAXED);
    int error = give_up(&guard);
    int slept = 0;
    if (error == 0)
        slept = ilv__park(&condition->changes, changes, deadline, &condition->reach);
    __atomic_fetch_sub(&condition->waiters, 1, __ATOMIC_RELAXED);
    if (error == 0)
        error = take_again(&guard);
    return error != 0 ? error : slept;
}

static int notify(struct ilv_condition *condition, int most)
{
    if (condition == NULL)
        return EINVAL;
    __atomic_fetch_add(&condition->changes, 1, __ATOMIC_RELAXED);
    if (__atomic_load_n(&condition->waiters, __ATOMIC_RELAXED) != 0)
        ilv__wake(&condition->changes, most);
    return 0;
}

int ilv_condition_wait(struct ilv_condition *condition, struct ilv_mutex *mutex)
{
    return wait(condition, (struct guard){.mutex = mutex}, NULL);
}

int ilv_condition_wait_until(struct ilv_condition *condition, struct ilv_mutex *mutex,
                             const struct timespec *deadline)
{
    return wait(condition, (struct guard){.mutex = mutex}, deadline);
}

int ilv_condition_wait_rlock(struct ilv_condition *condition, struct ilv_rlock *rlock)
{
    return wait(condition, (struct guard){.rlock = rlock}, NULL);
}

int ilv_condition_wait_rlock_until(struct ilv_condition *condition, struct ilv_rlock *rlock,
                                   const struct timespec *deadline)
{
    return wait(condition, (struct guard){.rlock = rlock}, deadline);
}

int ilv_condition_notify_one(struct ilv_condition *condition)
{
    return notify(condition, 1);
}

int ilv_condition_notify_all(struct ilv_condition *condition)
{
    return notify(condition, ILV__ALL);
}
