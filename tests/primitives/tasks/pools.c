/* SPDX-License-Identifier: MIT */
#include "pools.h"

#include <stdlib.h>

#include "../actors.h"
#include "ilv_test.h"

struct stage *stage;

struct ilv_pool *make_pool(struct ilv_pool_options options)
{
    struct ilv_pool *pool = NULL;
    stage = share(sizeof *stage);
    options.kind = ACTORS_ARE_PROCESSES ? ILV_POOL_PROCESSES : ILV_POOL_THREADS;
    if (!ILV_CHECK_INT(ilv_pool_new(&pool, &options), 0)) {
        exit(1);
    }
    return pool;
}

void join_and_free(struct ilv_pool *pool)
{
    ILV_CHECK_INT(ilv_pool_join(pool), 0);
    ILV_CHECK_INT(ilv_pool_free(pool), 0);
}

void end_pool(struct ilv_pool *pool)
{
    ILV_CHECK_INT(ilv_pool_close(pool), 0);
    join_and_free(pool);
}

int wait_for_open(const void *argument, void *result)
{
    (void)argument;
    (void)result;
    (void)__atomic_fetch_add(&stage->started, 1, __ATOMIC_SEQ_CST);
    await(&stage->open, 1);
    return 0;
}

int count_it(const void *argument, void *result)
{
    (void)argument;
    (void)result;
    (void)__atomic_fetch_add(&stage->count, 1, __ATOMIC_RELAXED);
    return 0;
}
