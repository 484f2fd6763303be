/* SPDX-License-Identifier: MIT */
/*
 * The primitive: a pthread barrier may be used again at once, by whoever left it.
 */
#include "common.h"

static pthread_barrier_t barrier;

static void make_barrier(void)
{
    scenario_must(pthread_barrier_init(&barrier, NULL, WORKERS), "pthread_barrier_init");
}

static void meet(void)
{
    pthread_barrier_wait(&barrier);
}
