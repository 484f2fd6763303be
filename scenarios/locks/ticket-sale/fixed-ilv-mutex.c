/* SPDX-License-Identifier: MIT */
/*
 * One hold of the mutex around check and act: what was looked at is still so when it is acted upon.
 */
#include "common.h"

#include <ilv/mutex.h>

static struct ilv_mutex lock;
static int tickets = TICKETS; /* guarded by lock */

static bool sell(void)
{
    ilv_mutex_lock(&lock);
    bool available = tickets > 0;
    if (available)
        tickets--;
    ilv_mutex_unlock(&lock);
    return available;
}

static int tickets_left(void)
{
    return tickets;
}
