/* SPDX-License-Identifier: MIT */
/*
 * A predicate, changed and looked at under the mutex that the wait gives up.
 *
 * Either the reporter looks after done was set, and does not wait; or it looks before, and then it
 * sleeps on the condition before main can get the mutex, so the signal finds it.
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t announced = PTHREAD_COND_INITIALIZER;
static bool done; /* guarded by lock */

static void announce(void)
{
    pthread_mutex_lock(&lock);
    done = true;
    pthread_cond_signal(&announced);
    pthread_mutex_unlock(&lock);
}

static void await(void)
{
    pthread_mutex_lock(&lock);
    while (!done)
        pthread_cond_wait(&announced, &lock);
    pthread_mutex_unlock(&lock);
}
