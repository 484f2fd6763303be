/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "fake.h"
#include "ilv_test.h"

static const char *const locks[] = {"M1+ W1 M1- W2", "M1+ W1 M1- W3", "M2+ M1+ R1 M1- M2-"};
static const char *const waits[] = {"C1? W1", "C1? W2", "W3 C1! W4 C1!"};
static const char *const sleeps[] = {"Z5 W1", "W1 W1 W1", "S1- W1", "W1 S1+"};

static const struct program {
    const char *const *tasks;
    unsigned count;
} programs[] = {{locks, 3}, {waits, 3}, {sleeps, 4}};

static struct ilv_plan replay_plan(uint32_t count, bool strict)
{
    struct ilv_plan plan = {.strategy = ILV_STRATEGY_replay, .strict = strict};
    plan.u.replay.count = count;
    return plan;
}

/* Equal choices in a row as one record, as the runtime keeps them. */
static uint32_t squeeze(const struct fake_run *run, struct ilv_choice *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < run->choice_count; i++) {
        const struct ilv_choice *c = &run->choice[i];
        if (n > 0 && out[n - 1].task == c->task && out[n - 1].how == c->how) {
            out[n - 1].count++;
        } else {
            out[n++] = *c;
        }
    }
    return n;
}

static void check_same(const struct program *program, const struct fake_run *recorded,
                       const struct ilv_choice *choices, uint32_t count, bool strict)
{
    struct fake_run again;
    struct ilv_plan plan = replay_plan(count, strict);
    char a[1024];
    char b[1024];
    fake_run(&again, program->tasks, program->count, &plan, choices);
    ILV_CHECK(!again.diverged);
    ILV_CHECK_STR(fake_steps(&again, a, sizeof a), fake_steps(recorded, b, sizeof b));
}

static void every_strategy_is_followed_exactly(void)
{
    for (unsigned strategy = 0; strategy < ILV_STRATEGY_replay; strategy++) {
        for (unsigned i = 0; i < sizeof programs / sizeof programs[0]; i++) {
            for (uint64_t seed = 0; seed < 30; seed++) {
                struct ilv_choice squeezed[FAKE_STEPS];
                struct fake_run run;
                struct ilv_plan plan = fake_plan(strategy, seed, 0.4, 3, 10);
                fake_run(&run, programs[i].tasks, programs[i].count, &plan, NULL);
                uint32_t count = squeeze(&run, squeezed);
                check_same(&programs[i], &run, run.choice, run.choice_count, true);
                check_same(&programs[i], &run, squeezed, count, true);
                check_same(&programs[i], &run, squeezed, count, false);
            }
        }
    }
}

/* A recorded run of the first program, as records that are not squeezed. */
static struct fake_run recorded(void)
{
    struct fake_run run;
    struct ilv_plan plan = fake_plan(ILV_STRATEGY_random, 5, 0.5, 3, 10);
    fake_run(&run, locks, 3, &plan, NULL);
    return run;
}

/* Replays with record `at` changed; -1 when it came to its end, else where it diverged. */
static int diverged_at(const struct fake_run *run, uint32_t count, bool strict)
{
    static struct fake_run again;
    struct ilv_plan plan = replay_plan(count, strict);
    fake_run(&again, locks, 3, &plan, run->choice);
    return again.diverged ? (int)again.choice_count : -1;
}

static void another_operation_diverges_when_strict(void)
{
    struct fake_run run = recorded();
    ILV_CHECK_INT(diverged_at(&run, run.choice_count, true), -1);
    run.choice[3].kind = ILV_EV_SEM_POST;
    ILV_CHECK_INT(diverged_at(&run, run.choice_count, true), 3);
    ILV_CHECK_INT(diverged_at(&run, run.choice_count, false), -1);
}

static void another_number_of_steps_diverges_when_strict(void)
{
    struct fake_run run = recorded();
    run.choice[2].nth++;
    ILV_CHECK_INT(diverged_at(&run, run.choice_count, true), 2);
    ILV_CHECK_INT(diverged_at(&run, run.choice_count, false), -1);
}

static void a_task_that_is_not_offered_diverges_always(void)
{
    struct fake_run run = recorded();
    run.choice[4].task = 7;
    ILV_CHECK_INT(diverged_at(&run, run.choice_count, true), 4);
    ILV_CHECK_INT(diverged_at(&run, run.choice_count, false), 4);
}

static void another_manner_diverges_always(void)
{
    struct fake_run run = recorded();
    run.choice[1].how = ILV_HOW_EXPIRE;
    ILV_CHECK_INT(diverged_at(&run, run.choice_count, true), 1);
    ILV_CHECK_INT(diverged_at(&run, run.choice_count, false), 1);
}

static void a_choice_after_the_end_diverges_when_strict(void)
{
    struct fake_run run = recorded();
    uint32_t half = run.choice_count / 2;
    ILV_CHECK_INT(diverged_at(&run, half, true), (int)half);
    ILV_CHECK_INT(diverged_at(&run, half, false), -1);
}

static void an_empty_list_is_non_preemptive(void)
{
    struct fake_run stay;
    struct fake_run run;
    struct ilv_plan plan = fake_plan(ILV_STRATEGY_non_preemptive, 5, 0.5, 3, 10);
    struct ilv_plan replay = replay_plan(0, false);
    char a[1024];
    char b[1024];
    fake_run(&stay, locks, 3, &plan, NULL);
    fake_run(&run, locks, 3, &replay, NULL);
    ILV_CHECK_STR(fake_steps(&run, a, sizeof a), fake_steps(&stay, b, sizeof b));
}

static void the_position_names_the_record_and_how_far_it_came(void)
{
    static _Alignas(64) uint8_t state[ILV_STRATEGY_STATE];
    const uint64_t ids[] = {10, 20};
    const struct ilv_choice choices[] = {{.task = 0, .count = 2}, {.task = 1, .count = 1}};
    const struct ilv_op op = {0};
    const struct ilv_candidate both[] = {{10, &op, 0, 0, 0, 0}, {20, &op, 0, 1, 0, 0}};
    const struct ilv_candidate others[] = {{20, &op, 0, 1, 0, 0}, {30, &op, 0, 2, 0, 0}};
    struct ilv_plan plan = replay_plan(2, false);
    const struct ilv_strategy *replay = ilv_strategy(ILV_STRATEGY_replay);
    uint32_t record = 9;
    uint32_t within = 9;
    replay->begin(state, &plan, choices, ids);
    ILV_CHECK_INT(replay->choose(state, &(struct ilv_point){both, 2, -1}), 0);
    ILV_CHECK_U64(replay->choose(state, &(struct ilv_point){others, 2, -1}), ILV_DIVERGED);
    ilv_replay_position(state, &record, &within);
    ILV_CHECK_INT(record, 0);
    ILV_CHECK_INT(within, 1);
    ILV_CHECK_INT(replay->choose(state, &(struct ilv_point){both, 2, -1}), 0);
    ILV_CHECK_INT(replay->choose(state, &(struct ilv_point){others, 2, -1}), 0);
    ilv_replay_position(state, &record, &within);
    ILV_CHECK_INT(record, 2);
}

static void the_signal_must_be_the_same(void)
{
    static _Alignas(64) uint8_t state[ILV_STRATEGY_STATE];
    const uint64_t ids[] = {10};
    const struct ilv_choice choices[] = {
        {.task = 0, .how = ILV_HOW_SIGNAL, .signal = 12, .count = 1}};
    const struct ilv_op op = {0};
    struct ilv_candidate c[] = {{10, &op, 0, 0, ILV_HOW_RUN, 0},
                                {10, &op, 0, 0, ILV_HOW_SIGNAL, 10}};
    struct ilv_plan plan = replay_plan(1, false);
    const struct ilv_strategy *replay = ilv_strategy(ILV_STRATEGY_replay);
    replay->begin(state, &plan, choices, ids);
    ILV_CHECK_U64(replay->choose(state, &(struct ilv_point){c, 2, 0}), ILV_DIVERGED);
    c[1].signal = 12;
    ILV_CHECK_INT(replay->choose(state, &(struct ilv_point){c, 2, 0}), 1);
}

ILV_SUITE(replay, ILV_TEST(every_strategy_is_followed_exactly),
          ILV_TEST(another_operation_diverges_when_strict),
          ILV_TEST(another_number_of_steps_diverges_when_strict),
          ILV_TEST(a_task_that_is_not_offered_diverges_always),
          ILV_TEST(another_manner_diverges_always),
          ILV_TEST(a_choice_after_the_end_diverges_when_strict),
          ILV_TEST(an_empty_list_is_non_preemptive),
          ILV_TEST(the_position_names_the_record_and_how_far_it_came),
          ILV_TEST(the_signal_must_be_the_same));
