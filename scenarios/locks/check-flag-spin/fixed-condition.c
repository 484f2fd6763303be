/* SPDX-License-Identifier: MIT */
/*
 * Both under one mutex, and a condition to wait on: the worker sees jobs and end as they are at one
 * moment, and goes only when there is no job and will be none.
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int posted, finished; /* guarded by lock */

static void prepare(void)
{
}

static void tell(int count, bool last)
{
    pthread_mutex_lock(&lock);
    posted = count;
    finished = last;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static bool await_job(int taken)
{
    pthread_mutex_lock(&lock);
    while (taken == posted && !finished)
        pthread_cond_wait(&changed, &lock);
    bool is_there = taken < posted;
    pthread_mutex_unlock(&lock);
    return is_there;
}
