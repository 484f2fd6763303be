/* SPDX-License-Identifier: MIT */
/* Pools all of whose slots are taken, of threads and, the same source, of processes; see
 * ../actors.h. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include "../actors.h"
#include "ilv_test.h"
#include "others.h"
#include "pools.h"
#include "steps.h"

enum { MANY = 300 };

/* What initialisers and the test share: made before the pool. */
struct initialisers {
    uint32_t begun;
    uint32_t fail;
};

static struct initialisers *initialisers;
static struct ilv_pool *pool;

static void make(unsigned tasks)
{
    pool = make_pool((struct ilv_pool_options){.workers = 1, .tasks = tasks});
}

/* The one worker is busy until it is told. */
static void occupy(void)
{
    const struct ilv_call call = {.function = wait_for_open};
    ILV_CHECK_INT(ilv_pool_submit(pool, &call, NULL), 0);
    await(&stage->started, 1);
}

static void as_many_tasks_as_slots_may_wait(void)
{
    const struct ilv_call call = {.function = count_it};
    make(MANY);
    occupy();
    for (int i = 1; i < MANY; i++) {
        ILV_CHECK_INT(ilv_pool_try_submit(pool, &call, NULL), 0);
    }
    ILV_CHECK_INT(ilv_pool_try_submit(pool, &call, NULL), EAGAIN);
    tell(&stage->open, 1);
    end_pool(pool);
    ILV_CHECK_INT(stage->count, MANY - 1);
}

static void *submit_one(void *begun)
{
    static int error;
    const struct ilv_call call = {.function = count_it};
    tell(begun, 1);
    error = ilv_pool_submit(pool, &call, NULL);
    return &error;
}

static void closing_sends_away_who_waits_for_a_slot(void)
{
    uint32_t begun = 0;
    void *error = NULL;
    pthread_t submitter;
    make(1);
    occupy();
    ILV_CHECK_INT(pthread_create(&submitter, NULL, submit_one, &begun), 0);
    await(&begun, 1);
    for (int i = 0; i < 1000; i++) {
        sched_yield();
    }
    ILV_CHECK_INT(ilv_pool_close(pool), 0);
    ILV_CHECK_INT(pthread_join(submitter, &error), 0);
    ILV_CHECK_INT(*(int *)error, EPIPE);
    tell(&stage->open, 1);
    join_and_free(pool);
    ILV_CHECK_INT(stage->count, 0);
}

/* The first worker that comes is well, the other fails when it is told to. */
static int fail_when_told(void *unused)
{
    (void)unused;
    if (__atomic_fetch_add(&initialisers->begun, 1, __ATOMIC_RELAXED) == 0) {
        return 0;
    }
    await(&initialisers->fail, 1);
    return ERANGE;
}

static int submit_and_wait(void)
{
    const struct ilv_call call = {.function = count_it};
    return ilv_pool_submit(pool, &call, NULL);
}

static void who_waits_for_a_slot_is_told_that_the_pool_is_broken(void)
{
    struct other other;
    initialisers = share(sizeof *initialisers);
    pool = make_pool(
        (struct ilv_pool_options){.workers = 2, .tasks = 1, .initialise = fail_when_told});
    occupy();
    begin_other(&other, submit_and_wait);
    await_asleep(&other);
    tell(&initialisers->fail, 1);
    ILV_CHECK_INT(end_other(&other), ERANGE);
    tell(&stage->open, 1);
    end_pool(pool);
}

enum { MEETING = 4 };

static int meet_all(const void *argument, void *result)
{
    *(int *)result = *(const int *)argument;
    (void)__atomic_fetch_add(&stage->count, 1, __ATOMIC_RELAXED);
    while (__atomic_load_n(&stage->count, __ATOMIC_RELAXED) < MEETING) {
        (void)sched_yield();
    }
    return 0;
}

static void as_many_results_as_workers_are_under_way_at_once(void)
{
    int numbers[MEETING] = {3, 1, 4, 1};
    const struct ilv_call call = {.function = meet_all,
                                  .argument = numbers,
                                  .argument_size = sizeof(int),
                                  .result_size = sizeof(int)};
    struct ilv_results *results = NULL;
    pool = make_pool((struct ilv_pool_options){.workers = MEETING, .tasks = MEETING});
    ILV_CHECK_INT(ilv_pool_imap(pool, &call, MEETING, 1, true, &results), 0);
    for (int i = 0; i < MEETING; i++) {
        int result = -1;
        int error = -1;
        ILV_CHECK_INT(ilv_results_next(results, &result, NULL, &error, NULL), 0);
        ILV_CHECK_INT(result, numbers[i]);
    }
    ilv_results_free(results);
    end_pool(pool);
}

ILV_SUITE(pool_full, ILV_TEST(as_many_tasks_as_slots_may_wait),
          ILV_TEST(closing_sends_away_who_waits_for_a_slot),
          ILV_TEST(who_waits_for_a_slot_is_told_that_the_pool_is_broken),
          ILV_TEST(as_many_results_as_workers_are_under_way_at_once));
