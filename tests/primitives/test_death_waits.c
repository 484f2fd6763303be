/* SPDX-License-Identifier: MIT */
/*
 * What condition, event, semaphores and barrier promise when a process is killed that waits, that
 * holds units, or that owes a wake-up.
 */
#include <errno.h>
#include <ilv/barrier.h>
#include <ilv/bounded_semaphore.h>
#include <ilv/condition.h>
#include <ilv/event.h>
#include <ilv/semaphore.h>

#include "actors.h"
#include "ilv_test.h"

#define KILLED (-9)

struct stage {
    struct ilv_mutex mutex;
    struct ilv_condition condition;
    struct ilv_event event;
    struct ilv_semaphore semaphore;
    struct ilv_bounded_semaphore bounded;
    struct ilv_barrier barrier;
    uint32_t ready; /* guarded by the mutex */
    uint32_t step;
};

static struct stage *new_stage(void)
{
    return share(sizeof(struct stage));
}

static int wait_until_ready(void *argument)
{
    struct stage *stage = argument;
    int error = ilv_mutex_lock(&stage->mutex);
    while (stage->ready == 0 && error == 0)
        error = ilv_condition_wait(&stage->condition, &stage->mutex);
    if (error != 0 && error != EOWNERDEAD)
        return error;
    if (error == EOWNERDEAD)
        ilv_mutex_consistent(&stage->mutex);
    ilv_mutex_unlock(&stage->mutex);
    return error;
}

static void a_killed_waiter_does_not_hang_the_notifier_or_the_others(void)
{
    struct stage *stage = new_stage();
    struct actor victims[3];
    for (int i = 0; i < 3; i++)
        victims[i] = start(wait_until_ready, stage);
    for (int i = 0; i < 3; i++)
        await_sleep(&victims[i]);
    struct actor survivor = start(wait_until_ready, stage);
    await_sleep(&survivor);
    for (int i = 0; i < 3; i++)
        kill_it(&victims[i]);
    int error = ilv_mutex_lock(&stage->mutex);
    ILV_CHECK(error == 0 || error == EOWNERDEAD);
    if (error == EOWNERDEAD)
        ILV_CHECK_INT(ilv_mutex_consistent(&stage->mutex), 0);
    stage->ready = 1;
    ILV_CHECK_INT(ilv_mutex_unlock(&stage->mutex), 0);
    ILV_CHECK_INT(ilv_condition_notify_one(&stage->condition), 0);
    ILV_CHECK_INT(end_of(&survivor), 0);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(end_of(&victims[i]), KILLED);
}

/* Changes and does not live to notify. */
static int change_and_stay(void *argument)
{
    struct stage *stage = argument;
    if (ilv_mutex_lock(&stage->mutex) != 0)
        return 1;
    stage->ready = 1;
    ilv_mutex_unlock(&stage->mutex);
    tell(&stage->step, 1);
    await(&stage->step, 99);
    return 0;
}

static void a_change_whose_notifier_was_killed_is_seen(void)
{
    struct stage *stage = new_stage();
    struct actor waiter = start(wait_until_ready, stage);
    await_sleep(&waiter);
    struct actor notifier = start(change_and_stay, stage);
    await(&stage->step, 1);
    kill_it(&notifier);
    ILV_CHECK_INT(end_of(&waiter), 0);
    ILV_CHECK_INT(end_of(&notifier), KILLED);
}

static int hold_mutex(void *argument)
{
    struct stage *stage = argument;
    if (ilv_mutex_lock(&stage->mutex) != 0)
        return 1;
    tell(&stage->step, 1);
    await(&stage->step, 99);
    return 0;
}

static void waiters_of_a_condition_hear_of_a_killed_holder(void)
{
    struct stage *stage = new_stage();
    struct actor waiter = start(wait_until_ready, stage);
    await_sleep(&waiter);
    struct actor holder = start(hold_mutex, stage);
    await(&stage->step, 1);
    kill_it(&holder);
    ILV_CHECK_INT(end_of(&waiter), EOWNERDEAD);
    ILV_CHECK_INT(end_of(&holder), KILLED);
}

static int wait_for_event(void *argument)
{
    struct stage *stage = argument;
    return ilv_event_wait(&stage->event);
}

static void a_killed_waiter_of_an_event_leaves_nothing(void)
{
    struct stage *stage = new_stage();
    struct actor victim = start(wait_for_event, stage);
    struct actor survivor = start(wait_for_event, stage);
    await_sleep(&victim);
    await_sleep(&survivor);
    kill_it(&victim);
    ILV_CHECK_INT(ilv_event_set(&stage->event), 0);
    ILV_CHECK_INT(end_of(&survivor), 0);
    ILV_CHECK_INT(end_of(&victim), KILLED);
}

static void an_event_whose_setter_was_killed_before_its_wake_is_seen(void)
{
    struct stage *stage = new_stage();
    struct actor waiter = start(wait_for_event, stage);
    await_sleep(&waiter);
    struct ilv_event set = ILV_EVENT_INIT;
    ilv_event_set(&set);
    tell(&stage->event.state, set.state);
    ILV_CHECK_INT(end_of(&waiter), 0);
}

static int acquire(void *argument)
{
    struct stage *stage = argument;
    return ilv_semaphore_acquire(&stage->semaphore);
}

static void a_killed_waiter_of_a_semaphore_takes_no_unit_along(void)
{
    struct stage *stage = new_stage();
    struct actor victim = start(acquire, stage);
    struct actor survivor = start(acquire, stage);
    await_sleep(&victim);
    await_sleep(&survivor);
    kill_it(&victim);
    ILV_CHECK_INT(ilv_semaphore_release(&stage->semaphore), 0);
    ILV_CHECK_INT(end_of(&survivor), 0);
    ILV_CHECK_INT(ilv_semaphore_release(&stage->semaphore), 0);
    ILV_CHECK_INT(ilv_semaphore_units(&stage->semaphore), 1);
    ILV_CHECK_INT(end_of(&victim), KILLED);
}

static void a_unit_whose_wake_was_swallowed_is_found(void)
{
    struct stage *stage = new_stage();
    struct actor survivor = start(acquire, stage);
    await_sleep(&survivor);
    tell(&stage->semaphore.units, 1);
    ILV_CHECK_INT(end_of(&survivor), 0);
    ILV_CHECK_INT(ilv_semaphore_units(&stage->semaphore), 0);
}

static int hold_unit(void *argument)
{
    struct stage *stage = argument;
    int error = ilv_bounded_semaphore_acquire(&stage->bounded);
    if (error != 0)
        return error;
    __atomic_fetch_add(&stage->step, 1, __ATOMIC_ACQ_REL);
    await(&stage->step, 99);
    return 0;
}

static int use_unit(void *argument)
{
    struct stage *stage = argument;
    int error = ilv_bounded_semaphore_acquire(&stage->bounded);
    return error != 0 ? error : ilv_bounded_semaphore_release(&stage->bounded);
}

/* Killed in the middle of an operation: with the object's own mutex held. */
static int hold_inside_of_bounded(void *argument)
{
    struct stage *stage = argument;
    if (ilv_mutex_lock(&stage->bounded.mutex) != 0)
        return 1;
    tell(&stage->step, 1);
    await(&stage->step, 99);
    return 0;
}

static void a_death_inside_a_bounded_semaphore_is_repaired(void)
{
    struct stage *stage = new_stage();
    ilv_bounded_semaphore_init(&stage->bounded, 2);
    struct actor victim = start(hold_inside_of_bounded, stage);
    await(&stage->step, 1);
    struct actor waiter = start(use_unit, stage);
    await_sleep(&waiter);
    kill_it(&victim);
    ILV_CHECK_INT(end_of(&waiter), 0);
    ILV_CHECK_INT(ilv_bounded_semaphore_acquire(&stage->bounded), 0);
    ILV_CHECK_INT(ilv_bounded_semaphore_units(&stage->bounded), 1);
    ILV_CHECK_INT(end_of(&victim), KILLED);
}

static void units_of_the_killed_are_given_back(void)
{
    struct stage *stage = new_stage();
    ilv_bounded_semaphore_init(&stage->bounded, 2);
    struct actor one = start(hold_unit, stage);
    struct actor two = start(hold_unit, stage);
    await(&stage->step, 2);
    struct actor waiter = start(use_unit, stage);
    await_sleep(&waiter);
    ILV_CHECK_INT(ilv_bounded_semaphore_try_acquire(&stage->bounded), EAGAIN);
    kill_it(&one);
    ILV_CHECK_INT(end_of(&waiter), 0);
    ILV_CHECK_INT(ilv_bounded_semaphore_units(&stage->bounded), 1);
    kill_it(&two);
    ILV_CHECK_INT(ilv_bounded_semaphore_units(&stage->bounded), 2);
    ILV_CHECK_INT(end_of(&one) + end_of(&two), 2LL * KILLED);
}

static void a_killed_waiter_of_a_bounded_semaphore_holds_nothing(void)
{
    struct stage *stage = new_stage();
    ilv_bounded_semaphore_init(&stage->bounded, 1);
    ILV_CHECK_INT(ilv_bounded_semaphore_acquire(&stage->bounded), 0);
    struct actor victim = start(use_unit, stage);
    struct actor survivor = start(use_unit, stage);
    await_sleep(&victim);
    await_sleep(&survivor);
    kill_it(&victim);
    ILV_CHECK_INT(ilv_bounded_semaphore_release(&stage->bounded), 0);
    ILV_CHECK_INT(end_of(&survivor), 0);
    ILV_CHECK_INT(ilv_bounded_semaphore_units(&stage->bounded), 1);
    ILV_CHECK_INT(end_of(&victim), KILLED);
}

static void more_holders_than_places_are_refused_until_one_dies(void)
{
    struct stage *stage = new_stage();
    struct actor holders[ILV_BOUNDED_SEMAPHORE_HOLDERS];
    ilv_bounded_semaphore_init(&stage->bounded, 1000);
    for (int i = 0; i < ILV_BOUNDED_SEMAPHORE_HOLDERS; i++)
        holders[i] = start(hold_unit, stage);
    await(&stage->step, ILV_BOUNDED_SEMAPHORE_HOLDERS);
    ILV_CHECK_INT(ilv_bounded_semaphore_acquire(&stage->bounded), ENOSPC);
    kill_it(&holders[0]);
    ILV_CHECK_INT(ilv_bounded_semaphore_acquire(&stage->bounded), 0);
    for (int i = 1; i < ILV_BOUNDED_SEMAPHORE_HOLDERS; i++)
        kill_it(&holders[i]);
    ILV_CHECK_INT(ilv_bounded_semaphore_units(&stage->bounded), 999);
    for (int i = 0; i < ILV_BOUNDED_SEMAPHORE_HOLDERS; i++)
        ILV_CHECK_INT(end_of(&holders[i]), KILLED);
}

static int come(void *argument)
{
    struct stage *stage = argument;
    return ilv_barrier_wait(&stage->barrier, NULL);
}

static void a_killed_party_is_not_counted_as_arrived(void)
{
    struct stage *stage = new_stage();
    ilv_barrier_init(&stage->barrier, 3);
    struct actor victim = start(come, stage);
    struct actor survivor = start(come, stage);
    await_sleep(&victim);
    await_sleep(&survivor);
    kill_it(&victim);
    ILV_CHECK_INT(end_of(&survivor), EOWNERDEAD);
    ILV_CHECK_INT(come(stage), EOWNERDEAD);
    ILV_CHECK_INT(end_of(&victim), KILLED);
}

static void a_party_that_was_killed_is_not_counted_by_who_comes_last(void)
{
    struct stage *stage = new_stage();
    ilv_barrier_init(&stage->barrier, 2);
    struct actor victim = start(come, stage);
    await_sleep(&victim);
    kill_it(&victim);
    ILV_CHECK_INT(come(stage), EOWNERDEAD);
    ILV_CHECK_INT(end_of(&victim), KILLED);
    ILV_CHECK_INT(ilv_barrier_reset(&stage->barrier), 0);
    struct actor other = start(come, stage);
    ILV_CHECK_INT(come(stage), 0);
    ILV_CHECK_INT(end_of(&other), 0);
}

/* Killed as the last of a round: the round is over, the arrivals are not yet forgotten, nobody is
 * woken. */
static int end_the_round_and_stay(void *argument)
{
    struct stage *stage = argument;
    if (ilv_mutex_lock(&stage->barrier.mutex) != 0)
        return 1;
    stage->barrier.arrived = stage->barrier.parties;
    __atomic_fetch_add(&stage->barrier.round, 4, __ATOMIC_RELEASE);
    tell(&stage->step, 1);
    await(&stage->step, 99);
    return 0;
}

static void a_death_inside_a_barrier_is_repaired(void)
{
    struct stage *stage = new_stage();
    ilv_barrier_init(&stage->barrier, 2);
    struct actor waiter = start(come, stage);
    await_sleep(&waiter);
    struct actor victim = start(end_the_round_and_stay, stage);
    await(&stage->step, 1);
    kill_it(&victim);
    ILV_CHECK_INT(end_of(&waiter), 0);
    struct actor other = start(come, stage);
    ILV_CHECK_INT(come(stage), 0);
    ILV_CHECK_INT(end_of(&other), 0);
    ILV_CHECK_INT(end_of(&victim), KILLED);
}

static void reset_does_not_wait_for_the_dead(void)
{
    struct stage *stage = new_stage();
    ilv_barrier_init(&stage->barrier, 2);
    struct actor victim = start(come, stage);
    await_sleep(&victim);
    kill_it(&victim);
    ILV_CHECK_INT(ilv_barrier_reset(&stage->barrier), 0);
    struct actor other = start(come, stage);
    ILV_CHECK_INT(come(stage), 0);
    ILV_CHECK_INT(end_of(&other), 0);
    ILV_CHECK_INT(end_of(&victim), KILLED);
}

static int come_and_stay(void *argument)
{
    struct stage *stage = argument;
    int error = come(stage);
    tell(&stage->step, 1);
    await(&stage->step, 99);
    return error;
}

static void a_death_after_the_round_does_no_harm(void)
{
    struct stage *stage = new_stage();
    ilv_barrier_init(&stage->barrier, 2);
    struct actor victim = start(come_and_stay, stage);
    ILV_CHECK_INT(come(stage), 0);
    await(&stage->step, 1);
    kill_it(&victim);
    struct actor other = start(come, stage);
    ILV_CHECK_INT(come(stage), 0);
    ILV_CHECK_INT(end_of(&other), 0);
    ILV_CHECK_INT(end_of(&victim), KILLED);
}

static int wait_there(void *barrier)
{
    return ilv_barrier_wait(barrier, NULL);
}

/* As often as there are seats, one dies in a seat and another takes it and leaves it. */
static void seats_of_the_dead_are_taken_again(void)
{
    struct ilv_barrier *barrier = share(sizeof *barrier);
    ILV_CHECK_INT(ilv_barrier_init(barrier, 2), 0);
    for (int i = 0; i < ILV_BARRIER_PARTIES_MAX + 3; i++) {
        struct actor dead = start(wait_there, barrier);
        await_sleep(&dead);
        kill_it(&dead);
        ILV_CHECK_INT(ilv_barrier_wait(barrier, NULL), EOWNERDEAD);
        ILV_CHECK_INT(ilv_barrier_reset(barrier), 0);
        ILV_CHECK_INT(end_of(&dead), KILLED);
        struct actor other = start(wait_there, barrier);
        await_sleep(&other);
        ILV_CHECK_INT(ilv_barrier_wait(barrier, NULL), 0);
        ILV_CHECK_INT(end_of(&other), 0);
    }
}

ILV_SUITE(death_waits, ILV_TEST(seats_of_the_dead_are_taken_again),
          ILV_TEST(a_killed_waiter_does_not_hang_the_notifier_or_the_others),
          ILV_TEST(a_change_whose_notifier_was_killed_is_seen),
          ILV_TEST(waiters_of_a_condition_hear_of_a_killed_holder),
          ILV_TEST(a_killed_waiter_of_an_event_leaves_nothing),
          ILV_TEST(an_event_whose_setter_was_killed_before_its_wake_is_seen),
          ILV_TEST(a_killed_waiter_of_a_semaphore_takes_no_unit_along),
          ILV_TEST(a_unit_whose_wake_was_swallowed_is_found),
          ILV_TEST(a_death_inside_a_bounded_semaphore_is_repaired),
          ILV_TEST(a_death_inside_a_barrier_is_repaired),
          ILV_TEST(units_of_the_killed_are_given_back),
          ILV_TEST(a_killed_waiter_of_a_bounded_semaphore_holds_nothing),
          ILV_TEST(more_holders_than_places_are_refused_until_one_dies),
          ILV_TEST(a_killed_party_is_not_counted_as_arrived),
          ILV_TEST(a_party_that_was_killed_is_not_counted_by_who_comes_last),
          ILV_TEST(reset_does_not_wait_for_the_dead),
          ILV_TEST(a_death_after_the_round_does_no_harm));
