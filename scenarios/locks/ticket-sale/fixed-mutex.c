/* SPDX-License-Identifier: MIT */
/*
 * One mutex around check and act: what was looked at is still so when it is acted upon.
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int tickets = TICKETS; /* guarded by lock */

static bool sell(void)
{
    pthread_mutex_lock(&lock);
    bool available = tickets > 0;
    if (available)
        tickets--;
    pthread_mutex_unlock(&lock);
    return available;
}

static int tickets_left(void)
{
    return tickets;
}
