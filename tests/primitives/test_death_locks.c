/* SPDX-License-Identifier: MIT */
/*
 * What locks promise when a process is killed: one that holds them and one that waits for them.
 * Victims stop at a known place (they have told, and then look at a word for ever, or sleep in the
 * call) and are killed there.
 */
#include <errno.h>
#include <ilv/mutex.h>
#include <ilv/once.h>
#include <ilv/rlock.h>
#include <ilv/rwlock.h>
#include <linux/futex.h>

#include "actors.h"
#include "ilv_test.h"

#define KILLED (-9)

struct stage {
    struct ilv_mutex mutex;
    struct ilv_rlock rlock;
    struct ilv_rwlock rwlock;
    struct ilv_once once;
    uint32_t step;
    uint32_t times;
};

static struct stage *new_stage(void)
{
    return share(sizeof(struct stage));
}

/* Holds what it holds until it is killed. */
static int stay(struct stage *stage, int error)
{
    if (error != 0)
        return error;
    __atomic_fetch_add(&stage->step, 1, __ATOMIC_ACQ_REL);
    await(&stage->step, 99);
    return 0;
}

static struct actor holder_of(struct stage *stage, int (*hold)(void *argument))
{
    uint32_t before = told(&stage->step);
    struct actor holder = start(hold, stage);
    await(&stage->step, before + 1);
    return holder;
}

static int hold_mutex(void *argument)
{
    struct stage *stage = argument;
    return stay(stage, ilv_mutex_lock(&stage->mutex));
}

static int wait_for_mutex(void *argument)
{
    struct stage *stage = argument;
    int error = ilv_mutex_lock(&stage->mutex);
    if (error == EOWNERDEAD && ilv_mutex_consistent(&stage->mutex) != 0)
        return 98;
    ilv_mutex_unlock(&stage->mutex);
    return error;
}

static void waiters_of_a_killed_holder_get_the_mutex(void)
{
    struct stage *stage = new_stage();
    struct actor holder = holder_of(stage, hold_mutex);
    struct actor one = start(wait_for_mutex, stage);
    struct actor two = start(wait_for_mutex, stage);
    await_sleep(&one);
    await_sleep(&two);
    kill_it(&holder);
    int ends[2] = {end_of(&one), end_of(&two)};
    ILV_CHECK_INT(ends[0] + ends[1], EOWNERDEAD);
    ILV_CHECK(ends[0] == 0 || ends[1] == 0);
    ILV_CHECK_INT(end_of(&holder), KILLED);
}

/*
 * What is left when a woken waiter is killed before it has written that it waits, and another took
 * the mutex meanwhile: one sleeps, and the word does not say so. It is written here, since no test
 * can kill between those two instructions; the campaign does.
 */
static void forget_waiters(struct stage *stage)
{
    int waiters = (int)FUTEX_WAITERS;
    __atomic_fetch_and(&stage->mutex.lock.__data.__lock, ~waiters, __ATOMIC_RELAXED);
}

static void a_waiter_gets_the_mutex_though_a_dead_one_took_its_wake_up_along(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex), 0);
    struct actor waiter = start(wait_for_mutex, stage);
    await_sleep(&waiter);
    forget_waiters(stage);
    ILV_CHECK_INT(ilv_mutex_unlock(&stage->mutex), 0);
    ILV_CHECK_INT(end_of(&waiter), 0);
}

static void a_waiter_that_the_word_does_not_tell_of_is_told_of_a_killed_holder(void)
{
    struct stage *stage = new_stage();
    struct actor holder = holder_of(stage, hold_mutex);
    struct actor waiter = start(wait_for_mutex, stage);
    await_sleep(&waiter);
    forget_waiters(stage);
    kill_it(&holder);
    ILV_CHECK_INT(end_of(&waiter), EOWNERDEAD);
    ILV_CHECK_INT(end_of(&holder), KILLED);
}

static void a_killed_waiter_of_a_mutex_leaves_nothing(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex), 0);
    struct actor waiter = start(wait_for_mutex, stage);
    struct actor other = start(wait_for_mutex, stage);
    await_sleep(&waiter);
    await_sleep(&other);
    kill_it(&waiter);
    ILV_CHECK_INT(ilv_mutex_unlock(&stage->mutex), 0);
    ILV_CHECK_INT(end_of(&other), 0);
    ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex), 0);
    ILV_CHECK_INT(end_of(&waiter), KILLED);
}

static int hold_rlock_twice(void *argument)
{
    struct stage *stage = argument;
    return stay(stage, ilv_rlock_lock(&stage->rlock) + ilv_rlock_lock(&stage->rlock));
}

static int wait_for_rlock(void *argument)
{
    struct stage *stage = argument;
    return ilv_rlock_lock(&stage->rlock);
}

static void a_waiter_of_a_killed_holder_gets_the_rlock(void)
{
    struct stage *stage = new_stage();
    struct actor holder = holder_of(stage, hold_rlock_twice);
    struct actor waiter = start(wait_for_rlock, stage);
    await_sleep(&waiter);
    kill_it(&holder);
    ILV_CHECK_INT(end_of(&waiter), EOWNERDEAD);
    ILV_CHECK_INT(ilv_rlock_lock(&stage->rlock), EOWNERDEAD);
    ILV_CHECK_INT(ilv_rlock_consistent(&stage->rlock), 0);
    ILV_CHECK_INT(ilv_rlock_unlock(&stage->rlock), 0);
    ILV_CHECK_INT(ilv_rlock_unlock(&stage->rlock), EPERM);
    ILV_CHECK_INT(end_of(&holder), KILLED);
}

static int hold_for_reading(void *argument)
{
    struct stage *stage = argument;
    return stay(stage, ilv_rwlock_read_lock(&stage->rwlock));
}

static int hold_for_writing(void *argument)
{
    struct stage *stage = argument;
    return stay(stage, ilv_rwlock_write_lock(&stage->rwlock));
}

static int wait_to_write(void *argument)
{
    struct stage *stage = argument;
    int error = ilv_rwlock_write_lock(&stage->rwlock);
    if (error == EOWNERDEAD && ilv_rwlock_consistent(&stage->rwlock) != 0)
        return 98;
    ilv_rwlock_unlock(&stage->rwlock);
    return error;
}

static int wait_to_read(void *argument)
{
    struct stage *stage = argument;
    int error = ilv_rwlock_read_lock(&stage->rwlock);
    if (error == EOWNERDEAD && ilv_rwlock_consistent(&stage->rwlock) != 0)
        return 98;
    ilv_rwlock_unlock(&stage->rwlock);
    return error;
}

static void a_killed_reader_does_not_hold_up_a_writer(void)
{
    struct stage *stage = new_stage();
    struct actor one = holder_of(stage, hold_for_reading);
    struct actor two = holder_of(stage, hold_for_reading);
    struct actor writer = start(wait_to_write, stage);
    await_sleep(&writer);
    kill_it(&one);
    ILV_CHECK_INT(ilv_rwlock_try_read_lock(&stage->rwlock), EBUSY);
    kill_it(&two);
    ILV_CHECK_INT(end_of(&writer), 0);
    ILV_CHECK_INT(ilv_rwlock_try_read_lock(&stage->rwlock), 0);
    ILV_CHECK_INT(end_of(&one) + end_of(&two), 2LL * KILLED);
}

static void waiters_of_a_killed_writer_get_the_lock(void)
{
    struct stage *stage = new_stage();
    struct actor reader = holder_of(stage, hold_for_reading);
    kill_it(&reader);
    struct actor holder = holder_of(stage, hold_for_writing);
    struct actor one = start(wait_to_write, stage);
    struct actor two = start(wait_to_read, stage);
    await_sleep(&one);
    await_sleep(&two);
    kill_it(&holder);
    int ends[2] = {end_of(&one), end_of(&two)};
    ILV_CHECK_INT(ends[0] + ends[1], EOWNERDEAD);
    ILV_CHECK(ends[0] == 0 || ends[1] == 0);
    ILV_CHECK_INT(end_of(&holder) + end_of(&reader), 2LL * KILLED);
}

static void a_writer_killed_while_it_waits_lets_readers_in(void)
{
    struct stage *stage = new_stage();
    struct actor reader = holder_of(stage, hold_for_reading);
    struct actor writer = start(wait_to_write, stage);
    await_sleep(&writer);
    ILV_CHECK_INT(ilv_rwlock_try_read_lock(&stage->rwlock), EBUSY);
    kill_it(&writer);
    ILV_CHECK_INT(ilv_rwlock_try_read_lock(&stage->rwlock), 0);
    ILV_CHECK_INT(ilv_rwlock_unlock(&stage->rwlock), 0);
    kill_it(&reader);
    ILV_CHECK_INT(ilv_rwlock_try_write_lock(&stage->rwlock), 0);
    ILV_CHECK_INT(end_of(&writer) + end_of(&reader), 2LL * KILLED);
}

static int stay_in_work(void *argument)
{
    struct stage *stage = argument;
    stage->times++;
    return stay(stage, 0);
}

static int do_and_stay(void *argument)
{
    struct stage *stage = argument;
    return ilv_once_do(&stage->once, stay_in_work, stage);
}

static int work(void *argument)
{
    struct stage *stage = argument;
    stage->times++;
    return 0;
}

static int do_it(void *argument)
{
    struct stage *stage = argument;
    return ilv_once_do(&stage->once, work, stage);
}

static void work_that_was_killed_is_done_by_the_next(void)
{
    struct stage *stage = new_stage();
    struct actor worker = holder_of(stage, do_and_stay);
    struct actor one = start(do_it, stage);
    struct actor two = start(do_it, stage);
    await_sleep(&one);
    await_sleep(&two);
    kill_it(&worker);
    ILV_CHECK_INT(end_of(&one), 0);
    ILV_CHECK_INT(end_of(&two), 0);
    ILV_CHECK_INT(stage->times, 2);
    ILV_CHECK_INT(end_of(&worker), KILLED);
}

ILV_SUITE(death_locks, ILV_TEST(waiters_of_a_killed_holder_get_the_mutex),
          ILV_TEST(a_killed_waiter_of_a_mutex_leaves_nothing),
          ILV_TEST(a_waiter_gets_the_mutex_though_a_dead_one_took_its_wake_up_along),
          ILV_TEST(a_waiter_that_the_word_does_not_tell_of_is_told_of_a_killed_holder),
          ILV_TEST(a_waiter_of_a_killed_holder_gets_the_rlock),
          ILV_TEST(a_killed_reader_does_not_hold_up_a_writer),
          ILV_TEST(waiters_of_a_killed_writer_get_the_lock),
          ILV_TEST(a_writer_killed_while_it_waits_lets_readers_in),
          ILV_TEST(work_that_was_killed_is_done_by_the_next));
