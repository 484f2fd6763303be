/* SPDX-License-Identifier: MIT */
/*
 * The door is looked at, and only then is the user counted.
 *
 *     user                              stopper
 *     closed is false
 *                                       closed = true
 *                                       users: 1 -> 0, stopped = true
 *     users: 0 -> 1
 *     works with what is gone
 *
 * The door is no lock either: it is a plain flag, so this is a data race as well.
 */
#include "common.h"

static bool enter(void)
{
    if (closed)
        return false;
    pthread_mutex_lock(&lock);
    users++;
    pthread_mutex_unlock(&lock);
    return true;
}

static void close_door(void)
{
    closed = true;
}
