/* SPDX-License-Identifier: MIT */
/* What condition.h promises; deaths are in test_death_waits.c. */
#include <errno.h>
#include <ilv/condition.h>

#include "actors.h"
#include "ilv_test.h"

#define TURNS 500

struct stage {
    struct ilv_mutex mutex;
    struct ilv_rlock rlock;
    struct ilv_condition condition;
    uint32_t ready; /* guarded by the mutex or the rlock */
    uint32_t waiting;
    uint32_t gone;
};

static struct stage *new_stage(void)
{
    return share(sizeof(struct stage));
}

static int wait_until_ready(void *argument)
{
    struct stage *stage = argument;
    int error = ilv_mutex_lock(&stage->mutex);
    tell(&stage->waiting, stage->waiting + 1);
    while (stage->ready == 0 && error == 0)
        error = ilv_condition_wait(&stage->condition, &stage->mutex);
    stage->ready--;
    __atomic_fetch_add(&stage->gone, 1, __ATOMIC_ACQ_REL);
    ilv_mutex_unlock(&stage->mutex);
    return error;
}

/* When this returns, so many waiters have given up the mutex to wait. */
static void await_waiters(struct stage *stage, uint32_t count)
{
    await(&stage->waiting, count);
    ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex), 0);
    ILV_CHECK_INT(ilv_mutex_unlock(&stage->mutex), 0);
}

static void make_ready(struct stage *stage, uint32_t count)
{
    ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex), 0);
    stage->ready += count;
    ILV_CHECK_INT(ilv_mutex_unlock(&stage->mutex), 0);
}

static void one_notification_lets_one_go(void)
{
    struct stage *stage = new_stage();
    struct actor one = start(wait_until_ready, stage);
    struct actor two = start(wait_until_ready, stage);
    await_waiters(stage, 2);
    make_ready(stage, 1);
    ILV_CHECK_INT(ilv_condition_notify_one(&stage->condition), 0);
    await(&stage->gone, 1);
    make_ready(stage, 1);
    ILV_CHECK_INT(ilv_condition_notify_one(&stage->condition), 0);
    ILV_CHECK_INT(end_of(&one), 0);
    ILV_CHECK_INT(end_of(&two), 0);
}

static void notify_all_lets_all_go(void)
{
    struct stage *stage = new_stage();
    struct actor actors[4];
    for (int i = 0; i < 4; i++)
        actors[i] = start(wait_until_ready, stage);
    await_waiters(stage, 4);
    for (int i = 0; i < 4; i++)
        await_sleep(&actors[i]);
    make_ready(stage, 4);
    ILV_CHECK_INT(ilv_condition_notify_all(&stage->condition), 0);
    for (int i = 0; i < 4; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
}

static void a_notifier_may_hold_the_mutex(void)
{
    struct stage *stage = new_stage();
    struct actor waiter = start(wait_until_ready, stage);
    await_waiters(stage, 1);
    await_sleep(&waiter);
    ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex), 0);
    stage->ready = 1;
    ILV_CHECK_INT(ilv_condition_notify_one(&stage->condition), 0);
    ILV_CHECK_INT(ilv_mutex_unlock(&stage->mutex), 0);
    ILV_CHECK_INT(end_of(&waiter), 0);
}

static int take_turns(struct stage *stage, uint32_t mine)
{
    for (int i = 0; i < TURNS; i++) {
        if (ilv_mutex_lock(&stage->mutex) != 0)
            return 1;
        while (stage->ready % 2 != mine)
            if (ilv_condition_wait(&stage->condition, &stage->mutex) != 0)
                return 2;
        stage->ready++;
        ilv_mutex_unlock(&stage->mutex);
        ilv_condition_notify_one(&stage->condition);
    }
    return 0;
}

static int even(void *argument)
{
    return take_turns(argument, 0);
}

static int odd(void *argument)
{
    return take_turns(argument, 1);
}

static void no_notification_is_lost_between_two(void)
{
    struct stage *stage = new_stage();
    struct actor one = start(even, stage);
    struct actor two = start(odd, stage);
    ILV_CHECK_INT(end_of(&one), 0);
    ILV_CHECK_INT(end_of(&two), 0);
    ILV_CHECK_INT(stage->ready, 2LL * TURNS);
}

static void waiting_gives_up_the_mutex_and_takes_it_again(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex), 0);
    ILV_CHECK_INT(ilv_condition_wait_until(&stage->condition, &stage->mutex, &long_ago), ETIMEDOUT);
    ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex), EDEADLK);
    ILV_CHECK_INT(stage->condition.waiters, 0);
    ILV_CHECK_INT(ilv_mutex_unlock(&stage->mutex), 0);
}

static void waiting_without_the_mutex_is_refused(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_condition_wait(&stage->condition, &stage->mutex), EPERM);
    ILV_CHECK_INT(ilv_condition_wait_rlock(&stage->condition, &stage->rlock), EPERM);
    ILV_CHECK_INT(stage->condition.waiters, 0);
}

static void senseless_arguments_are_refused(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex), 0);
    ILV_CHECK_INT(ilv_condition_wait(NULL, &stage->mutex), EINVAL);
    ILV_CHECK_INT(ilv_condition_wait(&stage->condition, NULL), EINVAL);
    ILV_CHECK_INT(ilv_condition_wait_rlock(&stage->condition, NULL), EINVAL);
    ILV_CHECK_INT(ilv_condition_notify_one(NULL), EINVAL);
    ILV_CHECK_INT(ilv_condition_notify_all(NULL), EINVAL);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(ilv_condition_wait_until(&stage->condition, &stage->mutex, &impossible[i]),
                      EINVAL);
    ILV_CHECK_INT(ilv_mutex_unlock(&stage->mutex), 0);
}

static void notifying_nobody_is_not_remembered(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_condition_notify_one(&stage->condition), 0);
    ILV_CHECK_INT(ilv_condition_notify_all(&stage->condition), 0);
    ILV_CHECK_INT(ilv_mutex_lock(&stage->mutex), 0);
    ILV_CHECK_INT(ilv_condition_wait_until(&stage->condition, &stage->mutex, &long_ago), ETIMEDOUT);
    ILV_CHECK_INT(ilv_mutex_unlock(&stage->mutex), 0);
}

static int wait_with_rlock(void *argument)
{
    struct stage *stage = argument;
    int error = ilv_rlock_lock(&stage->rlock) + ilv_rlock_lock(&stage->rlock);
    tell(&stage->waiting, 1);
    while (stage->ready == 0 && error == 0)
        error = ilv_condition_wait_rlock(&stage->condition, &stage->rlock);
    error += ilv_rlock_unlock(&stage->rlock) + ilv_rlock_unlock(&stage->rlock);
    return error != 0 ? error : ilv_rlock_unlock(&stage->rlock);
}

static void all_levels_of_an_rlock_are_given_up_and_taken_again(void)
{
    struct stage *stage = new_stage();
    struct actor waiter = start(wait_with_rlock, stage);
    await(&stage->waiting, 1);
    ILV_CHECK_INT(ilv_rlock_lock(&stage->rlock), 0);
    stage->ready = 1;
    ILV_CHECK_INT(ilv_rlock_unlock(&stage->rlock), 0);
    ILV_CHECK_INT(ilv_condition_notify_one(&stage->condition), 0);
    ILV_CHECK_INT(end_of(&waiter), EPERM);
}

static void a_timed_wait_with_an_rlock_holds_it_again(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_rlock_lock(&stage->rlock), 0);
    ILV_CHECK_INT(ilv_condition_wait_rlock_until(&stage->condition, &stage->rlock, &long_ago),
                  ETIMEDOUT);
    ILV_CHECK_INT(ilv_rlock_unlock(&stage->rlock), 0);
    ILV_CHECK_INT(ilv_rlock_unlock(&stage->rlock), EPERM);
}

static int end_with_the_mutex(void *argument)
{
    struct stage *stage = argument;
    await(&stage->waiting, 1);
    int error = ilv_mutex_lock(&stage->mutex);
    ilv_condition_notify_all(&stage->condition);
    return error;
}

static void a_waiter_hears_of_a_dead_holder(void)
{
    struct stage *stage = new_stage();
    struct actor waiter = start(wait_until_ready, stage);
    struct actor holder = start(end_with_the_mutex, stage);
    ILV_CHECK_INT(end_of(&holder), 0);
    ILV_CHECK_INT(end_of(&waiter), EOWNERDEAD);
}

ILV_SUITE(condition, ILV_TEST(one_notification_lets_one_go), ILV_TEST(notify_all_lets_all_go),
          ILV_TEST(a_notifier_may_hold_the_mutex), ILV_TEST(no_notification_is_lost_between_two),
          ILV_TEST(waiting_gives_up_the_mutex_and_takes_it_again),
          ILV_TEST(waiting_without_the_mutex_is_refused), ILV_TEST(senseless_arguments_are_refused),
          ILV_TEST(notifying_nobody_is_not_remembered),
          ILV_TEST(all_levels_of_an_rlock_are_given_up_and_taken_again),
          ILV_TEST(a_timed_wait_with_an_rlock_holds_it_again),
          ILV_TEST(a_waiter_hears_of_a_dead_holder));
