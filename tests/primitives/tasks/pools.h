/* SPDX-License-Identifier: MIT */
/* pools.h: pools of tests, of threads or of processes (see ../actors.h), and what their tasks and
 * the test share. */
#ifndef POOLS_H
#define POOLS_H

#include <ilv/pool.h>
#include <stdint.h>

/* Made anew with each pool, before it. */
struct stage {
    uint32_t open;    /* wait_for_open() ends */
    uint32_t started; /* tasks that came so far */
    uint32_t count;   /* calls of count_it() */
};

extern struct stage *stage;

/* Its kind is that of the actors; the test ends if it cannot be made. */
struct ilv_pool *make_pool(struct ilv_pool_options options);

/* Joins, then frees a closed pool; closes it first. */
void join_and_free(struct ilv_pool *pool);
void end_pool(struct ilv_pool *pool);

/* Tasks. */
int wait_for_open(const void *argument, void *result);
int count_it(const void *argument, void *result);

#endif
