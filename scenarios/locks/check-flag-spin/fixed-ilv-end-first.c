/* SPDX-License-Identifier: MIT */
/*
 * The end is looked at first: what is posted after it was set cannot be, so that no job there means
 * none for ever. It still spins.
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
    for (;;) {
        bool last = ilv_event_is_set(&finished);
        bool is_there = is_posted(taken);
        if (is_there || last)
            return is_there;
        sched_yield();
    }
}
