/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "fake.h"
#include "ilv_test.h"
#include "points.h"

typedef bool bug_fn(const struct fake_run *run);

static bool before(const struct fake_run *run, unsigned a, unsigned a_op, unsigned b, unsigned b_op)
{
    return fake_when(run, a, a_op) < fake_when(run, b, b_op);
}

/* The largest number of choices that the program makes. */
static uint32_t length_of(const char *const *tasks, unsigned n)
{
    uint32_t most = 1;
    for (uint64_t seed = 0; seed < 500; seed++) {
        struct fake_run run;
        struct ilv_plan plan = fake_plan(ILV_STRATEGY_random, seed, 0.5, 3, 1);
        fake_run(&run, tasks, n, &plan, NULL);
        most = run.choice_count > most ? run.choice_count : most;
    }
    return most;
}

/* Of 20,000 runs of PCT(d), at least as many hit the bug as the paper promises; where the chance
 * is exactly what is promised, up to four standard deviations less. */
static void check_bound(const char *const *tasks, unsigned n, uint32_t d, bug_fn *bug)
{
    const unsigned runs = 20000;
    uint32_t k = length_of(tasks, n);
    double promise = runs / (double)n;
    for (uint32_t i = 1; i < d; i++) {
        promise /= k;
    }
    uint64_t seed = ilv_test_seed(1);
    unsigned hits = 0;
    for (unsigned i = 0; i < runs; i++) {
        struct fake_run run;
        struct ilv_plan plan = fake_plan(ILV_STRATEGY_pct, seed + i, 0.5, d, k);
        fake_run(&run, tasks, n, &plan, NULL);
        hits += bug(&run) ? 1 : 0;
    }
    ILV_CHECK(promise >= 1.0);
    ILV_CHECK(hits + 4 * sqrt(promise) >= promise);
    ILV_CHECK(hits < runs);
}

static bool reader_first(const struct fake_run *run)
{
    return before(run, 2, 0, 0, 0) && before(run, 2, 0, 1, 0);
}

static void a_bug_of_depth_one_is_found_once_in_n(void)
{
    static const char *const tasks[] = {"W1 W1 W1", "W1 W2 W3", "R1 R1 R1"};
    check_bound(tasks, 3, 1, reader_first);
}

static bool is_stuck(const struct fake_run *run)
{
    return run->stuck;
}

static void a_deadlock_of_depth_two_is_found_once_in_nk(void)
{
    static const char *const tasks[] = {"W5 M1+ M2+ M2- M1- W5", "W6 M2+ M1+ M1- M2- W6",
                                        "W7 W7 W7"};
    check_bound(tasks, 3, 2, is_stuck);
}

static bool torn(const struct fake_run *run)
{
    return before(run, 0, 3, 1, 0) && before(run, 1, 0, 0, 4);
}

static void a_torn_update_of_depth_two_is_found_once_in_nk(void)
{
    static const char *const tasks[] = {"W2 W2 W2 R1 W1 W2", "W1"};
    check_bound(tasks, 2, 2, torn);
}

static bool there_and_back(const struct fake_run *run)
{
    return before(run, 0, 1, 1, 0) && before(run, 1, 2, 0, 2) && before(run, 0, 2, 1, 3);
}

static void a_bug_of_depth_three_is_found_once_in_nkk(void)
{
    static const char *const tasks[] = {"W1 W1 W1 W1", "W1 W1 W1 W1"};
    check_bound(tasks, 2, 3, there_and_back);
}

static unsigned preemptions(const struct fake_run *run)
{
    unsigned count = 0;
    for (uint32_t i = 1; i < run->step_count; i++) {
        unsigned last = run->step_task[i - 1];
        count += last != run->step_task[i] && fake_when(run, last, 9) >= (int)i ? 1 : 0;
    }
    return count;
}

static void there_are_at_most_d_minus_one_preemptions(void)
{
    static const char *const tasks[] = {"W1 W1 W1 W1 W1 W1 W1 W1 W1 W1",
                                        "W1 W1 W1 W1 W1 W1 W1 W1 W1 W1"};
    unsigned most[5] = {0};
    for (uint32_t d = 1; d < 5; d++) {
        for (uint64_t seed = 0; seed < 300; seed++) {
            struct fake_run run;
            struct ilv_plan plan = fake_plan(ILV_STRATEGY_pct, seed, 0.5, d, 20);
            fake_run(&run, tasks, 2, &plan, NULL);
            unsigned count = preemptions(&run);
            most[d] = count > most[d] ? count : most[d];
        }
        ILV_CHECK_INT(most[d], (int)d - 1);
    }
}

static void the_first_pick_is_each_task_alike(void)
{
    static struct subject s;
    unsigned seen[3] = {0};
    for (uint64_t seed = 0; seed < 6000; seed++) {
        struct ilv_plan plan = fake_plan(ILV_STRATEGY_pct, seed, 0.5, 1, 100);
        struct point point;
        subject_begin(&s, &plan, 0x11);
        point_make(&point, "rrr", 0);
        seen[point_ask(&s, &point)]++;
    }
    ILV_CHECK(chi_square(seen, (double[]){1, 1, 1}, 3) < 13.8);
}

/* In one of eight waits it has its task's priority, which is the higher one in half of these. */
static void an_early_expiry_takes_part_in_one_of_eight_waits(void)
{
    static struct subject s;
    unsigned seen[2] = {0};
    for (uint64_t seed = 0; seed < 16000; seed++) {
        struct ilv_plan plan = fake_plan(ILV_STRATEGY_pct, seed, 0.5, 1, 100);
        struct point point;
        subject_begin(&s, &plan, 0x11);
        point_make(&point, "rx", 0);
        seen[point_ask(&s, &point)]++;
    }
    ILV_CHECK(chi_square(seen, (double[]){15, 1}, 2) < 10.8);
}

static void a_handler_runs_at_once_or_later_alike(void)
{
    static struct subject s;
    unsigned seen[2] = {0};
    for (uint64_t seed = 0; seed < 4000; seed++) {
        struct ilv_plan plan = fake_plan(ILV_STRATEGY_pct, seed, 0.5, 1, 100);
        struct point point;
        subject_begin(&s, &plan, 0x11);
        point_make(&point, "rs", 0);
        point.candidate[1].task = 0;
        point.candidate[1].task_id = point.candidate[0].task_id;
        seen[point_ask(&s, &point)]++;
    }
    ILV_CHECK(chi_square(seen, (double[]){1, 1}, 2) < 10.8);
}

ILV_SUITE(pct, ILV_TEST(a_bug_of_depth_one_is_found_once_in_n),
          ILV_TEST(a_deadlock_of_depth_two_is_found_once_in_nk),
          ILV_TEST(a_torn_update_of_depth_two_is_found_once_in_nk),
          ILV_TEST(a_bug_of_depth_three_is_found_once_in_nkk),
          ILV_TEST(there_are_at_most_d_minus_one_preemptions),
          ILV_TEST(the_first_pick_is_each_task_alike),
          ILV_TEST(an_early_expiry_takes_part_in_one_of_eight_waits),
          ILV_TEST(a_handler_runs_at_once_or_later_alike));
