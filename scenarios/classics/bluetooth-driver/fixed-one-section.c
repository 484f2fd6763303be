/* SPDX-License-Identifier: MIT */
/*
 * Looking at the door and counting the user are one section.
 *
 * Who is counted was counted while the door was open, so the driver's own share was still in the
 * count, and it cannot reach zero before that user has left.
 */
#include "common.h"

static bool enter(void)
{
    pthread_mutex_lock(&lock);
    bool entered = !closed;
    if (entered)
        users++;
    pthread_mutex_unlock(&lock);
    return entered;
}

static void close_door(void)
{
    pthread_mutex_lock(&lock);
    closed = true;
    pthread_mutex_unlock(&lock);
}
