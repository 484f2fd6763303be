/* SPDX-License-Identifier: MIT */
/*
 * The place in the list is the number of the visit, and visits are in vain when it is not one's
 * turn.
 *
 *     office                            printer
 *     queues 100, notes it at 0
 *                                       visit 0: not its turn
 *     visit 1: queues 101, notes it at 1
 *                                       visit 1: gets 100, finds 101 noted
 *
 * Every access is locked. One look that comes too early shifts all that follow.
 */
#include "common.h"

static bool may_queue = true; /* guarded by lock */
static bool may_print;        /* guarded by lock */

static void queue_job(int visit)
{
    pthread_mutex_lock(&lock);
    if (may_queue) {
        enqueue(100 + visit);
        noted[visit] = 100 + visit;
        may_queue = false;
        may_print = true;
    }
    pthread_mutex_unlock(&lock);
}

static void print_job(int visit)
{
    pthread_mutex_lock(&lock);
    if (may_print) {
        scenario_check(dequeue() == noted[visit], "jobs are printed in the order they were noted");
        may_print = false;
        may_queue = true;
    }
    pthread_mutex_unlock(&lock);
}
