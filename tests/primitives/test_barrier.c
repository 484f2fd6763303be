/* SPDX-License-Identifier: MIT */
/* What barrier.h promises; deaths are in test_death_waits.c. */
#include <errno.h>
#include <ilv/barrier.h>

#include "actors.h"
#include "ilv_test.h"

#define PARTIES 4
#define ROUNDS 200

struct stage {
    struct ilv_barrier barrier;
    uint32_t came[ROUNDS];
    uint32_t places[ROUNDS]; /* a bit for each place that was given */
    uint32_t step;
};

static struct stage *new_stage(uint32_t parties)
{
    struct stage *stage = share(sizeof *stage);
    ilv_barrier_init(&stage->barrier, parties);
    return stage;
}

static int work_in_rounds(void *argument)
{
    struct stage *stage = argument;
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t place = 99;
        __atomic_fetch_add(&stage->came[i], 1, __ATOMIC_RELAXED);
        if (ilv_barrier_wait(&stage->barrier, &place) != 0)
            return 1;
        if (__atomic_load_n(&stage->came[i], __ATOMIC_RELAXED) != PARTIES)
            return 2;
        __atomic_fetch_or(&stage->places[i], 1U << place, __ATOMIC_RELAXED);
    }
    return 0;
}

static void nobody_goes_on_before_all_have_come(void)
{
    struct stage *stage = new_stage(PARTIES);
    struct actor actors[PARTIES];
    for (int i = 0; i < PARTIES; i++)
        actors[i] = start(work_in_rounds, stage);
    for (int i = 0; i < PARTIES; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    int wrong = 0;
    for (int i = 0; i < ROUNDS; i++)
        wrong += stage->places[i] != (1U << PARTIES) - 1;
    ILV_CHECK_INT(wrong, 0);
    ILV_CHECK_INT(ilv_barrier_waiting(&stage->barrier), 0);
}

static void one_party_never_waits(void)
{
    struct ilv_barrier barrier = ILV_BARRIER_INIT(1);
    uint32_t place = 99;
    ILV_CHECK_INT(ilv_barrier_wait(&barrier, &place), 0);
    ILV_CHECK_INT(place, 0);
    ILV_CHECK_INT(ilv_barrier_wait_until(&barrier, NULL, &long_ago), 0);
}

static int come(void *argument)
{
    struct stage *stage = argument;
    return ilv_barrier_wait(&stage->barrier, NULL);
}

static void a_party_that_gives_up_breaks_it_for_all(void)
{
    struct stage *stage = new_stage(3);
    struct actor other = start(come, stage);
    await_sleep(&other);
    ILV_CHECK_INT(ilv_barrier_waiting(&stage->barrier), 1);
    ILV_CHECK_INT(ilv_barrier_wait_until(&stage->barrier, NULL, &long_ago), ETIMEDOUT);
    ILV_CHECK_INT(end_of(&other), ECANCELED);
    ILV_CHECK_INT(come(stage), ECANCELED);
    ILV_CHECK_INT(ilv_barrier_waiting(&stage->barrier), 0);
}

static void abort_breaks_it_until_reset(void)
{
    struct stage *stage = new_stage(2);
    struct actor other = start(come, stage);
    await_sleep(&other);
    ILV_CHECK_INT(ilv_barrier_abort(&stage->barrier), 0);
    ILV_CHECK_INT(end_of(&other), ECANCELED);
    ILV_CHECK_INT(come(stage), ECANCELED);
    ILV_CHECK_INT(ilv_barrier_reset(&stage->barrier), 0);
    other = start(come, stage);
    ILV_CHECK_INT(come(stage), 0);
    ILV_CHECK_INT(end_of(&other), 0);
}

static void reset_sends_away_those_who_wait(void)
{
    struct stage *stage = new_stage(3);
    struct actor one = start(come, stage);
    struct actor two = start(come, stage);
    await_sleep(&one);
    await_sleep(&two);
    ILV_CHECK_INT(ilv_barrier_reset(&stage->barrier), 0);
    ILV_CHECK_INT(end_of(&one), ECANCELED);
    ILV_CHECK_INT(end_of(&two), ECANCELED);
    ILV_CHECK_INT(ilv_barrier_waiting(&stage->barrier), 0);
    one = start(come, stage);
    two = start(come, stage);
    ILV_CHECK_INT(come(stage), 0);
    ILV_CHECK_INT(end_of(&one), 0);
    ILV_CHECK_INT(end_of(&two), 0);
}

static void reset_of_an_empty_one_changes_nothing(void)
{
    struct stage *stage = new_stage(1);
    ILV_CHECK_INT(ilv_barrier_reset(&stage->barrier), 0);
    ILV_CHECK_INT(come(stage), 0);
}

static void senseless_arguments_are_refused(void)
{
    struct stage *stage = share(sizeof *stage);
    ILV_CHECK_INT(ilv_barrier_wait(NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_barrier_wait(&stage->barrier, NULL), EINVAL);
    ILV_CHECK_INT(ilv_barrier_abort(&stage->barrier), EINVAL);
    ILV_CHECK_INT(ilv_barrier_reset(NULL), EINVAL);
    ILV_CHECK_INT(ilv_barrier_waiting(NULL), 0);
    ILV_CHECK_INT(ilv_barrier_init(NULL, 1), EINVAL);
    ILV_CHECK_INT(ilv_barrier_init(&stage->barrier, 0), EINVAL);
    ILV_CHECK_INT(ilv_barrier_init(&stage->barrier, ILV_BARRIER_PARTIES_MAX + 1), EINVAL);
    ILV_CHECK_INT(ilv_barrier_init(&stage->barrier, 2), 0);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(ilv_barrier_wait_until(&stage->barrier, NULL, &impossible[i]), EINVAL);
    ILV_CHECK_INT(ilv_barrier_waiting(&stage->barrier), 0);
}

ILV_SUITE(barrier, ILV_TEST(nobody_goes_on_before_all_have_come), ILV_TEST(one_party_never_waits),
          ILV_TEST(a_party_that_gives_up_breaks_it_for_all), ILV_TEST(abort_breaks_it_until_reset),
          ILV_TEST(reset_sends_away_those_who_wait),
          ILV_TEST(reset_of_an_empty_one_changes_nothing),
          ILV_TEST(senseless_arguments_are_refused));
