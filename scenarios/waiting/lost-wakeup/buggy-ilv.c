/* SPDX-License-Identifier: MIT */
/*
 * A notification of ours is taken for a message.
 *
 *     main                                  reporter
 *     notify announced   (nobody waits)
 *                                           wait announced   (for ever)
 *
 * A condition remembers nothing, ours neither.
 */
#include "common.h"

#include <ilv/condition.h>
#include <ilv/mutex.h>

static struct ilv_mutex lock;
static struct ilv_condition announced;

static void announce(void)
{
    ilv_mutex_lock(&lock);
    ilv_condition_notify_one(&announced);
    ilv_mutex_unlock(&lock);
}

static void await(void)
{
    ilv_mutex_lock(&lock);
    ilv_condition_wait(&announced, &lock);
    ilv_mutex_unlock(&lock);
}
