/* SPDX-License-Identifier: MIT */
/* Pools all of whose slots are taken, of threads and, the same source, of processes; see
 * ../actors.h. */
#include <ilv/pool.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "../actors.h"
#include "ilv_test.h"

enum { MANY = 300 };

/* What tasks and the test share: made before the pool. */
struct stage {
    uint32_t open;
    uint32_t started;
    uint32_t count;
};

static struct stage *stage;
static struct ilv_pool *pool;

static void make(unsigned tasks)
{
    const struct ilv_pool_options options = {.kind = ACTORS_ARE_PROCESSES ? ILV_POOL_PROCESSES
                                                                          : ILV_POOL_THREADS,
                                             .workers = 1,
                                             .tasks = tasks};
    stage = share(sizeof *stage);
    if (!ILV_CHECK_INT(ilv_pool_new(&pool, &options), 0)) {
        exit(1);
    }
}

static void join_and_free(void)
{
    ILV_CHECK_INT(ilv_pool_join(pool), 0);
    ILV_CHECK_INT(ilv_pool_free(pool), 0);
}

static int wait_for_open(const void *argument, void *result)
{
    (void)argument;
    (void)result;
    (void)__atomic_fetch_add(&stage->started, 1, __ATOMIC_SEQ_CST);
    await(&stage->open, 1);
    return 0;
}

static int count_it(const void *argument, void *result)
{
    (void)argument;
    (void)result;
    (void)__atomic_fetch_add(&stage->count, 1, __ATOMIC_RELAXED);
    return 0;
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
    ILV_CHECK_INT(ilv_pool_close(pool), 0);
    join_and_free();
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
    join_and_free();
    ILV_CHECK_INT(stage->count, 0);
}

ILV_SUITE(pool_full, ILV_TEST(as_many_tasks_as_slots_may_wait),
          ILV_TEST(closing_sends_away_who_waits_for_a_slot));
