/* SPDX-License-Identifier: MIT */
/*
 * The user is counted first, then looks at the door, and leaves again if it is closed.
 *
 * Who finds the door open was counted before it was closed, and so before the driver's own share
 * left the count: it cannot reach zero before that user has left.
 */
#include "common.h"

static bool enter(void)
{
    pthread_mutex_lock(&lock);
    users++;
    pthread_mutex_unlock(&lock);
    pthread_mutex_lock(&lock);
    bool refused = closed;
    pthread_mutex_unlock(&lock);
    if (refused)
        leave();
    return !refused;
}

static void close_door(void)
{
    pthread_mutex_lock(&lock);
    closed = true;
    pthread_mutex_unlock(&lock);
}
