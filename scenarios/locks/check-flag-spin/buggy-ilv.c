/* SPDX-License-Identifier: MIT */
/*
 * An event for the end and a number under a lock, polled: first "is there a job?", then "is it the
 * end?".
 *
 *     main                              worker
 *                                       posted is 2: no job
 *     posted = 3
 *     set finished
 *                                       finished is set: goes, and job 3 is not done
 *
 * Each look is in order, and no access races. Two looks are not one.
 */
#include "common.h"

#include <ilv/event.h>
#include <ilv/mutex.h>

static struct ilv_event finished;
static struct ilv_mutex lock;
static int posted; /* guarded by lock */

static void prepare(void)
{
}

static void tell(int count, bool last)
{
    ilv_mutex_lock(&lock);
    posted = count;
    ilv_mutex_unlock(&lock);
    if (last)
        ilv_event_set(&finished);
}

static bool is_posted(int taken)
{
    ilv_mutex_lock(&lock);
    bool is_there = taken < posted;
    ilv_mutex_unlock(&lock);
    return is_there;
}

static bool await_job(int taken)
{
    while (!is_posted(taken)) {
        if (ilv_event_is_set(&finished))
            return false;
        sched_yield();
    }
    return true;
}
