/* SPDX-License-Identifier: MIT */
/* The two strategies that draw nothing: exact schedules. */
#include "fake.h"
#include "ilv_test.h"
#include "points.h"

static void check(unsigned strategy, const char *const *tasks, unsigned n, const char *expected)
{
    struct fake_run run;
    struct ilv_plan plan = fake_plan(strategy, 1, 0.5, 3, 10);
    char text[1024];
    fake_run(&run, tasks, n, &plan, NULL);
    ILV_CHECK_STR(fake_steps(&run, text, sizeof text), expected);
}

static void round_robin_switches_at_every_choice(void)
{
    static const char *const tasks[] = {"W1 W2", "W3 W4", "W5 W6 W7"};
    check(ILV_STRATEGY_round_robin, tasks, 3, "1:W3 2:W5 0:W1 1:W4 2:W6 0:W2 2:W7");
}

static void round_robin_passes_over_those_that_wait(void)
{
    static const char *const tasks[] = {"M1+ W1 M1-", "M1+ W2 M1-", "W3 W4 W5 W6"};
    check(ILV_STRATEGY_round_robin, tasks, 3,
          "1:M1+ 2:W3 1:W2 2:W4 1:M1- 0:M1+ 2:W5 0:W1 2:W6 0:M1-");
}

static void non_preemptive_stays_while_it_can(void)
{
    static const char *const tasks[] = {"W1 W2", "W3 W4", "W5 W6"};
    check(ILV_STRATEGY_non_preemptive, tasks, 3, "0:W1 0:W2 1:W3 1:W4 2:W5 2:W6");
}

static void non_preemptive_leaves_a_wait_for_the_first_path(void)
{
    static const char *const tasks[] = {"W1 S1- W2", "W3 S1+ W4", "W5"};
    check(ILV_STRATEGY_non_preemptive, tasks, 3, "0:W1 1:W3 1:S1+ 1:W4 0:S1- 0:W2 2:W5");
}

static void a_sleeper_expires_early_only_when_nothing_else_is_left(void)
{
    static const char *const tasks[] = {"Z9 W1", "W2 W3"};
    check(ILV_STRATEGY_round_robin, tasks, 2, "1:W2 1:W3 0:Z9 0:W1");
    check(ILV_STRATEGY_non_preemptive, tasks, 2, "1:W2 1:W3 0:Z9 0:W1");
}

static uint32_t pick(unsigned strategy, const char *hows, int current, bool own_signal)
{
    static struct subject s;
    struct ilv_plan plan = fake_plan(strategy, 1, 0.5, 3, 10);
    struct point point;
    subject_begin(&s, &plan, 0x33);
    point_make(&point, hows, current);
    if (own_signal) {
        point.candidate[1].task = point.candidate[0].task;
        point.candidate[1].task_id = point.candidate[0].task_id;
    }
    return point_ask(&s, &point);
}

static void a_handler_goes_before_the_operation_of_its_task(void)
{
    ILV_CHECK_INT(pick(ILV_STRATEGY_non_preemptive, "rsr", 0, true), 1);
    ILV_CHECK_INT(pick(ILV_STRATEGY_round_robin, "rsr", 2, true), 1);
    ILV_CHECK_INT(pick(ILV_STRATEGY_non_preemptive, "rsr", 0, false), 0);
}

static void the_first_path_is_woken_first(void)
{
    ILV_CHECK_INT(pick(ILV_STRATEGY_non_preemptive, "www", -1, false), 0);
    ILV_CHECK_INT(pick(ILV_STRATEGY_round_robin, "www", -1, false), 0);
}

static void when_all_are_unusual_the_first_is_taken(void)
{
    ILV_CHECK_INT(pick(ILV_STRATEGY_non_preemptive, "xxx", -1, false), 0);
    ILV_CHECK_INT(pick(ILV_STRATEGY_round_robin, "xxx", -1, false), 0);
}

ILV_SUITE(fixed, ILV_TEST(round_robin_switches_at_every_choice),
          ILV_TEST(round_robin_passes_over_those_that_wait),
          ILV_TEST(non_preemptive_stays_while_it_can),
          ILV_TEST(non_preemptive_leaves_a_wait_for_the_first_path),
          ILV_TEST(a_sleeper_expires_early_only_when_nothing_else_is_left),
          ILV_TEST(a_handler_goes_before_the_operation_of_its_task),
          ILV_TEST(the_first_path_is_woken_first),
          ILV_TEST(when_all_are_unusual_the_first_is_taken));
