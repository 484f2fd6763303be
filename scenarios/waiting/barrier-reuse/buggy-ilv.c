/* SPDX-License-Identifier: MIT */
/*
 * A barrier made by hand of our mutex and condition, which the last one to leave sets back, used
 * again before all have left.
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

#include <ilv/condition.h>

static struct ilv_mutex lock;
static struct ilv_condition opened;
static int arrived; /* guarded by lock */
static int left;    /* guarded by lock */

static void make_barrier(void)
{
}

static void meet(void)
{
    ilv_mutex_lock(&lock);
    arrived++;
    if (arrived == WORKERS)
        ilv_condition_notify_all(&opened);
    while (arrived < WORKERS)
        ilv_condition_wait(&opened, &lock);
    left++;
    if (left == WORKERS) {
        arrived = 0;
        left = 0;
    }
    ilv_mutex_unlock(&lock);
}
