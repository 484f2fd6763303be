/* SPDX-License-Identifier: MIT */
/*
 * Each keeps its own place in the list and moves it when it has queued or printed, not when it
 * came.
 */
#include "common.h"

static bool may_queue = true; /* guarded by lock */
static bool may_print;        /* guarded by lock */
static int queued = 1;        /* guarded by lock; the first was queued at once */
static int printed;           /* guarded by lock */

static void queue_job(int visit)
{
    pthread_mutex_lock(&lock);
    if (may_queue) {
        enqueue(100 + visit);
        noted[queued++] = 100 + visit;
        may_queue = false;
        may_print = true;
    }
    pthread_mutex_unlock(&lock);
}

static void print_job(int visit)
{
    (void)visit;
    pthread_mutex_lock(&lock);
    if (may_print) {
        scenario_check(dequeue() == noted[printed++],
                       "jobs are printed in the order they were noted");
        may_print = false;
        may_queue = true;
    }
    pthread_mutex_unlock(&lock);
}
