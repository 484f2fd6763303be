/* SPDX-License-Identifier: MIT */
/* What event.h promises; deaths are in test_death_waits.c. */
#include <errno.h>
#include <ilv/event.h>

#include "actors.h"
#include "ilv_test.h"

struct stage {
    struct ilv_event event;
    uint32_t data;
};

static struct stage *new_stage(void)
{
    return share(sizeof(struct stage));
}

static int wait_for_it(void *argument)
{
    struct stage *stage = argument;
    int error = ilv_event_wait(&stage->event);
    return error != 0 ? error : (int)stage->data;
}

static void zero_is_clear(void)
{
    struct ilv_event event = ILV_EVENT_INIT;
    ILV_CHECK(!ilv_event_is_set(&event));
    ILV_CHECK_INT(ilv_event_try_wait(&event), EAGAIN);
    ILV_CHECK_INT(ilv_event_wait_until(&event, &long_ago), ETIMEDOUT);
}

static void one_that_is_set_lets_everybody_through(void)
{
    struct ilv_event event = ILV_EVENT_INIT;
    ILV_CHECK_INT(ilv_event_set(&event), 0);
    ILV_CHECK_INT(ilv_event_set(&event), 0);
    ILV_CHECK(ilv_event_is_set(&event));
    ILV_CHECK_INT(ilv_event_wait(&event), 0);
    ILV_CHECK_INT(ilv_event_try_wait(&event), 0);
    ILV_CHECK_INT(ilv_event_wait_until(&event, &long_ago), 0);
}

static void clear_makes_it_as_it_was(void)
{
    struct ilv_event event = ILV_EVENT_INIT;
    ILV_CHECK_INT(ilv_event_set(&event), 0);
    ILV_CHECK_INT(ilv_event_clear(&event), 0);
    ILV_CHECK_INT(ilv_event_clear(&event), 0);
    ILV_CHECK_INT(ilv_event_try_wait(&event), EAGAIN);
    ILV_CHECK_INT(ilv_event_set(&event), 0);
    ILV_CHECK_INT(ilv_event_init(&event), 0);
    ILV_CHECK_INT(ilv_event_try_wait(&event), EAGAIN);
}

static void set_wakes_all_who_wait(void)
{
    struct stage *stage = new_stage();
    struct actor actors[3];
    for (int i = 0; i < 3; i++)
        actors[i] = start(wait_for_it, stage);
    for (int i = 0; i < 3; i++)
        await_sleep(&actors[i]);
    stage->data = 7;
    ILV_CHECK_INT(ilv_event_set(&stage->event), 0);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 7);
}

static void set_and_clear_at_once_lets_waiters_go(void)
{
    struct stage *stage = new_stage();
    struct actor waiter = start(wait_for_it, stage);
    await_sleep(&waiter);
    stage->data = 7;
    ILV_CHECK_INT(ilv_event_set(&stage->event), 0);
    ILV_CHECK_INT(ilv_event_clear(&stage->event), 0);
    ILV_CHECK_INT(end_of(&waiter), 7);
    ILV_CHECK(!ilv_event_is_set(&stage->event));
}

static int wait_far(void *argument)
{
    struct stage *stage = argument;
    return ilv_event_wait_until(&stage->event, &far_away);
}

static void a_waiter_is_woken_before_its_deadline(void)
{
    struct stage *stage = new_stage();
    struct actor waiter = start(wait_far, stage);
    await_sleep(&waiter);
    ILV_CHECK_INT(ilv_event_set(&stage->event), 0);
    ILV_CHECK_INT(end_of(&waiter), 0);
}

static void senseless_arguments_are_refused(void)
{
    struct ilv_event event = ILV_EVENT_INIT;
    ILV_CHECK_INT(ilv_event_init(NULL), EINVAL);
    ILV_CHECK_INT(ilv_event_set(NULL), EINVAL);
    ILV_CHECK_INT(ilv_event_clear(NULL), EINVAL);
    ILV_CHECK_INT(ilv_event_wait(NULL), EINVAL);
    ILV_CHECK_INT(ilv_event_try_wait(NULL), EINVAL);
    ILV_CHECK_INT(ilv_event_wait_until(NULL, &long_ago), EINVAL);
    ILV_CHECK(!ilv_event_is_set(NULL));
    ILV_CHECK_INT(ilv_event_set(&event), 0);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(ilv_event_wait_until(&event, &impossible[i]), EINVAL);
}

ILV_SUITE(event, ILV_TEST(zero_is_clear), ILV_TEST(one_that_is_set_lets_everybody_through),
          ILV_TEST(clear_makes_it_as_it_was), ILV_TEST(set_wakes_all_who_wait),
          ILV_TEST(set_and_clear_at_once_lets_waiters_go),
          ILV_TEST(a_waiter_is_woken_before_its_deadline),
          ILV_TEST(senseless_arguments_are_refused));
