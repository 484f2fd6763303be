/* SPDX-License-Identifier: MIT */
/*
 * Both under one mutex, and a condition to wait on: the worker sees jobs and end as they are at one
 * moment, and sleeps until one of them changes.
 */
#include "common.h"

#include <ilv/condition.h>

static struct ilv_mutex lock;
static struct ilv_condition changed;
static int posted, finished; /* guarded by lock */

static void prepare(void)
{
}

static void tell(int count, bool last)
{
    ilv_mutex_lock(&lock);
    posted = count;
    finished = last;
    ilv_condition_notify_one(&changed);
    ilv_mutex_unlock(&lock);
}

static bool await_job(int taken)
{
    ilv_mutex_lock(&lock);
    while (taken == posted && !finished)
        ilv_condition_wait(&changed, &lock);
    bool is_there = taken < posted;
    ilv_mutex_unlock(&lock);
    return is_there;
}
