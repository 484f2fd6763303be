/* SPDX-License-Identifier: MIT */
/*
 * A predicate, changed and looked at under the mutex that the wait gives up.
 *
 * Either the reporter looks after done was set, and does not wait; or it looks before, and then it
 * sleeps on the condition before main can get the mutex, so the notification finds it.
 */
#include "common.h"

#include <ilv/condition.h>
#include <ilv/mutex.h>

static struct ilv_mutex lock;
static struct ilv_condition announced;
static bool done; /* guarded by lock */

static void announce(void)
{
    ilv_mutex_lock(&lock);
    done = true;
    ilv_condition_notify_one(&announced);
    ilv_mutex_unlock(&lock);
}

static void await(void)
{
    ilv_mutex_lock(&lock);
    while (!done)
        ilv_condition_wait(&announced, &lock);
    ilv_mutex_unlock(&lock);
}
