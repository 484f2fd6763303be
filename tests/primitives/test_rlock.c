/* SPDX-License-Identifier: MIT */
/* What rlock.h promises beside what all locks do (test_locks.c). */
#include <errno.h>
#include <ilv/condition.h>
#include <ilv/rlock.h>

#include "actors.h"
#include "ilv_test.h"

static int try_it(void *argument)
{
    return ilv_rlock_try_lock(argument);
}

static int unlock_it(void *argument)
{
    return ilv_rlock_unlock(argument);
}

static void the_holder_may_take_it_again(void)
{
    struct ilv_rlock *lock = share(sizeof *lock);
    ILV_CHECK_INT(ilv_rlock_lock(lock), 0);
    ILV_CHECK_INT(ilv_rlock_lock(lock), 0);
    ILV_CHECK_INT(ilv_rlock_try_lock(lock), 0);
    ILV_CHECK_INT(ilv_rlock_lock_until(lock, &long_ago), 0);
}

static void others_get_in_after_the_last_unlock_only(void)
{
    struct ilv_rlock *lock = share(sizeof *lock);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(ilv_rlock_lock(lock), 0);
    for (int i = 0; i < 3; i++) {
        struct actor other = start(try_it, lock);
        ILV_CHECK_INT(end_of(&other), EBUSY);
        ILV_CHECK_INT(ilv_rlock_unlock(lock), 0);
    }
    struct actor other = start(try_it, lock);
    ILV_CHECK_INT(end_of(&other), 0);
}

static void one_unlock_too_many_is_refused(void)
{
    struct ilv_rlock *lock = share(sizeof *lock);
    ILV_CHECK_INT(ilv_rlock_lock(lock), 0);
    ILV_CHECK_INT(ilv_rlock_unlock(lock), 0);
    ILV_CHECK_INT(ilv_rlock_unlock(lock), EPERM);
}

static void a_stranger_takes_no_level_away(void)
{
    struct ilv_rlock *lock = share(sizeof *lock);
    ILV_CHECK_INT(ilv_rlock_lock(lock), 0);
    ILV_CHECK_INT(ilv_rlock_lock(lock), 0);
    struct actor stranger = start(unlock_it, lock);
    ILV_CHECK_INT(end_of(&stranger), EPERM);
    ILV_CHECK_INT(lock->depth, 2);
    ILV_CHECK_INT(ilv_rlock_unlock(lock), 0);
    struct actor other = start(try_it, lock);
    ILV_CHECK_INT(end_of(&other), EBUSY);
}

static void a_held_one_is_not_destroyed_by_its_holder(void)
{
    struct ilv_rlock *lock = share(sizeof *lock);
    ILV_CHECK_INT(ilv_rlock_lock(lock), 0);
    ILV_CHECK_INT(ilv_rlock_destroy(lock), EBUSY);
    ILV_CHECK_INT(ilv_rlock_unlock(lock), 0);
    ILV_CHECK_INT(ilv_rlock_destroy(lock), 0);
    ILV_CHECK_INT(ilv_rlock_lock(lock), EINVAL);
}

static int end_as_holder_of_two(void *argument)
{
    return ilv_rlock_lock(argument) + ilv_rlock_lock(argument);
}

static void the_levels_of_the_dead_are_forgotten(void)
{
    struct ilv_rlock *lock = share(sizeof *lock);
    struct actor holder = start(end_as_holder_of_two, lock);
    ILV_CHECK_INT(end_of(&holder), 0);
    ILV_CHECK_INT(ilv_rlock_lock(lock), EOWNERDEAD);
    ILV_CHECK_INT(ilv_rlock_lock(lock), 0);
    ILV_CHECK_INT(ilv_rlock_consistent(lock), 0);
    ILV_CHECK_INT(ilv_rlock_unlock(lock), 0);
    ILV_CHECK_INT(ilv_rlock_unlock(lock), 0);
    struct actor other = start(try_it, lock);
    ILV_CHECK_INT(end_of(&other), 0);
}

static void a_wait_after_a_death_takes_one_level_again(void)
{
    struct ilv_rlock *lock = share(sizeof *lock);
    struct ilv_condition *condition = share(sizeof *condition);
    struct actor holder = start(end_as_holder_of_two, lock);
    ILV_CHECK_INT(end_of(&holder), 0);
    ILV_CHECK_INT(ilv_rlock_lock(lock), EOWNERDEAD);
    ILV_CHECK_INT(ilv_rlock_consistent(lock), 0);
    ILV_CHECK_INT(ilv_condition_wait_rlock_until(condition, lock, &long_ago), ETIMEDOUT);
    ILV_CHECK_INT(ilv_rlock_unlock(lock), 0);
    struct actor other = start(try_it, lock);
    ILV_CHECK_INT(end_of(&other), 0);
}

ILV_SUITE(rlock, ILV_TEST(a_wait_after_a_death_takes_one_level_again),
          ILV_TEST(the_holder_may_take_it_again),
          ILV_TEST(others_get_in_after_the_last_unlock_only),
          ILV_TEST(one_unlock_too_many_is_refused), ILV_TEST(a_stranger_takes_no_level_away),
          ILV_TEST(a_held_one_is_not_destroyed_by_its_holder),
          ILV_TEST(the_levels_of_the_dead_are_forgotten));
