/* SPDX-License-Identifier: MIT */
/*
 * There is a flag, always used under the mutex, and yet a gap between looking and waiting.
 *
 *     main                                  reporter
 *                                           lock, done is false, unlock
 *     lock, done = true
 *     notify announced   (nobody waits)
 *     unlock
 *                                           lock, wait announced   (for ever)
 *
 * No access races, so no race detector has anything to say.
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

static bool is_done(void)
{
    ilv_mutex_lock(&lock);
    bool answer = done;
    ilv_mutex_unlock(&lock);
    return answer;
}

static void await(void)
{
    while (!is_done()) {
        ilv_mutex_lock(&lock);
        ilv_condition_wait(&announced, &lock);
        ilv_mutex_unlock(&lock);
    }
}
