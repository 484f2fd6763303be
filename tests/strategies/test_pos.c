/* SPDX-License-Identifier: MIT */
#include "fake.h"
#include "ilv_test.h"
#include "points.h"

static struct fake_run run_of(unsigned strategy, const char *const *tasks, unsigned n,
                              uint64_t seed)
{
    struct fake_run run;
    struct ilv_plan plan = fake_plan(strategy, seed, 0.5, 3, 10);
    fake_run(&run, tasks, n, &plan, NULL);
    return run;
}

static void orders_of_independent_operations_are_alike(void)
{
    static const char *const tasks[] = {"W1", "W2", "W3"};
    unsigned seen[6] = {0};
    for (uint64_t seed = 0; seed < 6000; seed++) {
        struct fake_run run = run_of(ILV_STRATEGY_pos, tasks, 3, seed);
        unsigned first = run.step_task[0];
        seen[2 * first + (run.step_task[1] > run.step_task[2] ? 1 : 0)]++;
    }
    ILV_CHECK(chi_square(seen, (double[]){1, 1, 1, 1, 1, 1}, 6) < 20.5);
}

static void orders_of_dependent_operations_are_alike(void)
{
    static const char *const tasks[] = {"W1", "W1", "W1"};
    unsigned seen[6] = {0};
    for (uint64_t seed = 0; seed < 6000; seed++) {
        struct fake_run run = run_of(ILV_STRATEGY_pos, tasks, 3, seed);
        unsigned first = run.step_task[0];
        seen[2 * first + (run.step_task[1] > run.step_task[2] ? 1 : 0)]++;
    }
    ILV_CHECK(chi_square(seen, (double[]){1, 1, 1, 1, 1, 1}, 6) < 20.5);
}

/* The paper's motivation: one operation of a short task must come after a long run of
 * independent ones. A random walk must choose the long task every time (2^-9); POS draws the
 * priority of the short task's operation once, and it must be the lowest of ten (1/10). */
static void a_short_task_waits_for_a_long_one_more_often_than_in_a_random_walk(void)
{
    static const char *const tasks[] = {"W1", "W2 W2 W2 W2 W2 W2 W2 W2 W1"};
    unsigned pos[2] = {0};
    unsigned walk[2] = {0};
    for (uint64_t seed = 0; seed < 10000; seed++) {
        struct fake_run a = run_of(ILV_STRATEGY_pos, tasks, 2, seed);
        struct fake_run b = run_of(ILV_STRATEGY_random, tasks, 2, seed);
        pos[fake_when(&a, 0, 0) == 9 ? 1 : 0]++;
        walk[fake_when(&b, 0, 0) == 9 ? 1 : 0]++;
    }
    ILV_CHECK(chi_square(pos, (double[]){9, 1}, 2) < 10.8);
    ILV_CHECK(walk[1] < 50);
}

/* As above, but the long task's operations are dependent on the short one's: its priority is
 * drawn anew after each, so that it comes last once in 2^9. */
static void a_dependent_step_draws_the_priority_anew(void)
{
    static const char *const tasks[] = {"W1", "W1 W1 W1 W1 W1 W1 W1 W1 W1"};
    unsigned last = 0;
    for (uint64_t seed = 0; seed < 10000; seed++) {
        struct fake_run run = run_of(ILV_STRATEGY_pos, tasks, 2, seed);
        last += fake_when(&run, 0, 0) == 9 ? 1 : 0;
    }
    ILV_CHECK(last > 3);
    ILV_CHECK(last < 50);
}

static void an_early_expiry_has_an_eighth_of_the_weight(void)
{
    static struct subject s;
    unsigned seen[3] = {0};
    for (uint64_t seed = 0; seed < 9000; seed++) {
        struct ilv_plan plan = fake_plan(ILV_STRATEGY_pos, seed, 0.5, 1, 100);
        struct point point;
        subject_begin(&s, &plan, 0x11);
        point_make(&point, "rxr", 0);
        seen[point_ask(&s, &point)]++;
    }
    ILV_CHECK(chi_square(seen, (double[]){8, 1, 8}, 3) < 13.8);
}

static void each_waiter_is_woken_alike(void)
{
    static struct subject s;
    unsigned seen[3] = {0};
    struct ilv_plan plan = fake_plan(ILV_STRATEGY_pos, 3, 0.5, 1, 100);
    subject_begin(&s, &plan, 0x11);
    for (unsigned i = 0; i < 6000; i++) {
        struct point point;
        point_make(&point, "www", -1);
        seen[point_ask(&s, &point)]++;
    }
    ILV_CHECK(chi_square(seen, (double[]){1, 1, 1}, 3) < 13.8);
}

ILV_SUITE(pos, ILV_TEST(orders_of_independent_operations_are_alike),
          ILV_TEST(orders_of_dependent_operations_are_alike),
          ILV_TEST(a_short_task_waits_for_a_long_one_more_often_than_in_a_random_walk),
          ILV_TEST(a_dependent_step_draws_the_priority_anew),
          ILV_TEST(an_early_expiry_has_an_eighth_of_the_weight),
          ILV_TEST(each_waiter_is_woken_alike));
