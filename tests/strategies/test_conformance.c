/* SPDX-License-Identifier: MIT */
/* What strategy.h promises of every strategy, asked of each in the table. */
#include <string.h>

#include "fake.h"
#include "ilv_test.h"
#include "points.h"
#include "rng.h"

static struct ilv_candidate candidates[POINTS_MAX];
static struct ilv_op ops[ILV_MAX_TASKS];
static uint32_t steps_made[ILV_MAX_TASKS];

/* A point with some of `tasks` tasks in it, some of them able to expire or to take a signal. */
static struct ilv_point random_point(struct ilv_rng *rng, uint32_t tasks)
{
    struct ilv_point point = {candidates, 0, -1};
    bool waiters = ilv_rng_below(rng, 10) == 0;
    while (point.count < 2) {
        point.count = 0;
        for (uint32_t t = 0; t < tasks; t++) {
            if (ilv_rng_below(rng, 3) == 0) {
                continue;
            }
            unsigned how = waiters ? ILV_HOW_WAKE : ilv_rng_below(rng, 8) == 0 ? ILV_HOW_EXPIRE : 0;
            candidates[point.count++] = (struct ilv_candidate){
                t * 77 + 5, &ops[t], steps_made[t], (uint16_t)t, (uint16_t)how, 0};
            if (!waiters && ilv_rng_below(rng, 9) == 0) {
                candidates[point.count] = candidates[point.count - 1];
                candidates[point.count].how = ILV_HOW_SIGNAL;
                candidates[point.count++].signal = 10;
            }
        }
    }
    if (!waiters && ilv_rng_below(rng, 2) == 0 && candidates[0].how == ILV_HOW_RUN) {
        point.current = 0;
    }
    return point;
}

static void make_step(struct subject *s, struct ilv_rng *rng, const struct ilv_candidate *c)
{
    struct ilv_step step = {.kind = c->op->kind, .task = c->task, .object = c->op->object};
    if (s->strategy->step != NULL) {
        s->strategy->step(s->state, &step);
    }
    steps_made[c->task]++;
    ops[c->task] = (struct ilv_op){.kind = ILV_EV_MUTEX_LOCK, .object = 1 + ilv_rng_below(rng, 5)};
}

/* A hash of the picks of a long run; checks each of them on the way. */
static uint64_t walk(struct subject *s, unsigned strategy, uint64_t seed, uint32_t tasks, int fill)
{
    struct ilv_plan plan = fake_plan(strategy, seed, 0.3, 64, 200);
    struct ilv_rng rng;
    uint64_t picks = 0;
    unsigned outside = 0;
    memset(ops, 0, sizeof ops);
    memset(steps_made, 0, sizeof steps_made);
    ilv_rng_seed(&rng, 99);
    subject_begin(s, &plan, fill);
    for (unsigned i = 0; i < 300; i++) {
        struct ilv_point point = random_point(&rng, tasks);
        uint32_t pick = s->strategy->choose(s->state, &point);
        outside += pick >= point.count ? 1 : 0;
        picks = picks * 31 + pick;
        if (point.candidate[0].how != ILV_HOW_WAKE && pick < point.count) {
            make_step(s, &rng, &point.candidate[pick]);
        }
    }
    ILV_CHECK_INT(outside, 0);
    return picks;
}

static void picks_are_candidates_and_follow_from_the_plan(void)
{
    static struct subject a;
    static struct subject b;
    for (unsigned strategy = 0; strategy < ILV_STRATEGY_COUNT; strategy++) {
        for (uint64_t seed = 0; seed < 20; seed++) {
            uint64_t picks = walk(&a, strategy, seed, 5, 0x00);
            ILV_CHECK_U64(walk(&b, strategy, seed, 5, 0xff), picks);
        }
    }
}

static void a_thousand_tasks_fit_into_the_state(void)
{
    static struct subject s;
    for (unsigned strategy = 0; strategy < ILV_STRATEGY_COUNT; strategy++) {
        walk(&s, strategy, 7, ILV_MAX_TASKS, 0xff);
        ILV_CHECK(subject_guards_hold(&s));
    }
}

/* A freshly forked process pays for every page that is touched first. */
static void few_tasks_touch_few_pages(void)
{
    static struct subject s;
    for (unsigned strategy = 0; strategy < ILV_STRATEGY_COUNT; strategy++) {
        walk(&s, strategy, 7, 5, 0x42);
        size_t last = 0;
        for (size_t i = 0; i < sizeof s.state; i++) {
            last = s.state[i] != 0x42 ? i : last;
        }
        ILV_CHECK(last < 4096);
    }
}

static void strategies_that_draw_differ_between_seeds(void)
{
    static struct subject s;
    static const unsigned drawing[] = {ILV_STRATEGY_random, ILV_STRATEGY_pct, ILV_STRATEGY_pos};
    for (unsigned i = 0; i < 3; i++) {
        uint64_t first = walk(&s, drawing[i], 0, 5, 0);
        unsigned equal = 0;
        for (uint64_t seed = 1; seed < 20; seed++) {
            equal += walk(&s, drawing[i], seed, 5, 0) == first ? 1 : 0;
        }
        ILV_CHECK_INT(equal, 0);
    }
}

static void the_point_is_left_as_it_was(void)
{
    static struct subject s;
    struct point point;
    struct point copy;
    point_make(&point, "rxsrr", 3);
    memcpy(&copy, &point, sizeof point);
    for (unsigned strategy = 0; strategy < ILV_STRATEGY_COUNT; strategy++) {
        struct ilv_plan plan = fake_plan(strategy, 4, 0.5, 3, 10);
        subject_begin(&s, &plan, 0);
        ILV_CHECK(point_ask(&s, &point) < 5);
        ILV_CHECK(memcmp(&point, &copy, sizeof point) == 0);
    }
}

static void correct_programs_come_to_their_end(void)
{
    static const char *const tasks[] = {"M1+ M2+ W1 M2- M1- S1+ Z4 S2+", "M1+ W1 M1- S1- M2+ M2-",
                                        "R1 M2+ R1 M2- S2- W2", "Z9 Z9 W3"};
    unsigned ended = 0;
    for (unsigned strategy = 0; strategy < ILV_STRATEGY_COUNT; strategy++) {
        for (uint64_t seed = 0; seed < 50; seed++) {
            struct fake_run run;
            struct ilv_plan plan = fake_plan(strategy, seed, 0.3, 3, 20);
            fake_run(&run, tasks, 4, &plan, NULL);
            ILV_CHECK(!run.outside);
            ILV_CHECK(!run.diverged);
            ended += run.stuck ? 0 : 1;
        }
    }
    ILV_CHECK_INT(ended, 50LL * ILV_STRATEGY_COUNT);
}

/* A task that waits in a loop and is woken spuriously again and again, beside one that has work
 * to do: no strategy may wake the sleeper for ever. */
static uint32_t longest_spurious_loop(struct subject *s, unsigned strategy, uint64_t seed)
{
    struct ilv_plan plan = fake_plan(strategy, seed, 0.3, 3, 4);
    uint32_t longest = 0;
    uint32_t loop = 0;
    struct point point;
    subject_begin(s, &plan, 0);
    point_make(&point, "rx", -1);
    point.candidate[1].how = ILV_HOW_SPURIOUS;
    for (unsigned i = 0; i < 500; i++) {
        uint32_t pick = point_ask(s, &point);
        loop = pick == 1 ? loop + 1 : 0;
        longest = loop > longest ? loop : longest;
        struct ilv_step step = {
            .kind = point.op[pick].kind, .task = (uint16_t)pick, .object = point.op[pick].object};
        point.candidate[pick].steps++;
        if (s->strategy->step != NULL) {
            s->strategy->step(s->state, &step);
        }
    }
    return longest;
}

static void nobody_is_woken_spuriously_for_ever(void)
{
    static struct subject s;
    for (unsigned strategy = 0; strategy < ILV_STRATEGY_COUNT; strategy++) {
        for (uint64_t seed = 0; seed < 200; seed++) {
            ILV_CHECK(longest_spurious_loop(&s, strategy, seed) < 100);
        }
    }
}

ILV_SUITE(conformance, ILV_TEST(picks_are_candidates_and_follow_from_the_plan),
          ILV_TEST(a_thousand_tasks_fit_into_the_state), ILV_TEST(few_tasks_touch_few_pages),
          ILV_TEST(strategies_that_draw_differ_between_seeds),
          ILV_TEST(the_point_is_left_as_it_was), ILV_TEST(correct_programs_come_to_their_end),
          ILV_TEST(nobody_is_woken_spuriously_for_ever));
