/* SPDX-License-Identifier: MIT */
/*
 * The door is only touched under the lock, which is let go before the user is counted.
 *
 *     user                              stopper
 *     lock, closed is false, unlock
 *                                       lock, closed = true, unlock
 *                                       lock, users: 1 -> 0, stopped = true, unlock
 *     lock, users: 0 -> 1, unlock
 *     works with what is gone
 *
 * This is what becomes of the bug when a race detector's report is answered with a lock.
 */
#include "common.h"

static bool enter(void)
{
    pthread_mutex_lock(&lock);
    bool refused = closed;
    pthread_mutex_unlock(&lock);
    if (refused)
        return false;
    pthread_mutex_lock(&lock);
    users++;
    pthread_mutex_unlock(&lock);
    return true;
}

static void close_door(void)
{
    pthread_mutex_lock(&lock);
    closed = true;
    pthread_mutex_unlock(&lock);
}
