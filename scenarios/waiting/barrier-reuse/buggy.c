/* SPDX-License-Identifier: MIT */
/*
 * A hand-made barrier that the last one to leave sets back, used again before all have left.
 *
 *     worker 1                              worker 2
 *     arrived = 1: wait opened
 *                                           arrived = 2: broadcast, leaves
 *                                           next round: arrived = 3, which is enough: passes
 *                                           reads a part that worker 1 has not written
 *     wakes from round 1
 *
 * It works once; it works for ever if everybody always wakes before the fastest comes back.
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static int arrived; /* guarded by lock */
static int left;    /* guarded by lock */

static void make_barrier(void)
{
}

static void meet(void)
{
    pthread_mutex_lock(&lock);
    arrived++;
    if (arrived == WORKERS)
        pthread_cond_broadcast(&opened);
    while (arrived < WORKERS)
        pthread_cond_wait(&opened, &lock);
    left++;
    if (left == WORKERS) {
        arrived = 0;
        left = 0;
    }
    pthread_mutex_unlock(&lock);
}
