/* SPDX-License-Identifier: MIT */
#include "fake.h"
#include "ilv_test.h"
#include "points.h"

/* Picks of one walk at the same point again and again. */
static void count_picks(unsigned *seen, const char *hows, int current, double p, unsigned asks)
{
    static struct subject s;
    struct ilv_plan plan = fake_plan(ILV_STRATEGY_random, ilv_test_seed(11), p, 3, 1);
    struct point point;
    subject_begin(&s, &plan, 0xff);
    point_make(&point, hows, current);
    for (unsigned i = 0; i < asks; i++) {
        seen[point_ask(&s, &point)]++;
    }
}

/* Chi-square at 0.001: 10.8 with one degree of freedom, 13.8 with two, 16.3 with three. */

static void a_task_that_cannot_go_on_leaves_to_each_alike(void)
{
    unsigned seen[4] = {0};
    count_picks(seen, "rrrr", -1, 0.1, 8000);
    ILV_CHECK(chi_square(seen, (double[]){1, 1, 1, 1}, 4) < 16.3);
}

static void the_running_task_is_left_with_probability_p(void)
{
    unsigned seen[3] = {0};
    count_picks(seen, "rrr", 1, 0.1, 20000);
    ILV_CHECK(chi_square(seen, (double[]){0.05, 0.9, 0.05}, 3) < 13.8);
}

static void with_p_of_one_it_always_switches(void)
{
    unsigned seen[3] = {0};
    count_picks(seen, "rrr", 1, 1.0, 2000);
    ILV_CHECK_INT(seen[1], 0);
    ILV_CHECK(chi_square((unsigned[]){seen[0], seen[2]}, (double[]){1, 1}, 2) < 10.8);
}

static void an_early_expiry_has_an_eighth_of_the_weight(void)
{
    unsigned seen[3] = {0};
    count_picks(seen, "rxr", -1, 0.1, 17000);
    ILV_CHECK(chi_square(seen, (double[]){8, 1, 8}, 3) < 13.8);
}

static void a_sleeper_alone_is_an_eighth_as_likely_as_a_task_to_take_over(void)
{
    unsigned seen[2] = {0};
    count_picks(seen, "rx", 0, 0.8, 20000);
    ILV_CHECK(chi_square(seen, (double[]){0.9, 0.1}, 2) < 10.8);
}

static void each_waiter_is_woken_alike(void)
{
    unsigned seen[3] = {0};
    count_picks(seen, "www", -1, 0.1, 6000);
    ILV_CHECK(chi_square(seen, (double[]){1, 1, 1}, 3) < 13.8);
}

ILV_SUITE(random, ILV_TEST(a_task_that_cannot_go_on_leaves_to_each_alike),
          ILV_TEST(the_running_task_is_left_with_probability_p),
          ILV_TEST(with_p_of_one_it_always_switches),
          ILV_TEST(an_early_expiry_has_an_eighth_of_the_weight),
          ILV_TEST(a_sleeper_alone_is_an_eighth_as_likely_as_a_task_to_take_over),
          ILV_TEST(each_waiter_is_woken_alike));
