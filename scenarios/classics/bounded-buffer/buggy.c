/* SPDX-License-Identifier: MIT */
/*
 * The consumer waits until there is something, lets go of the lock, and takes.
 *
 *     one consumer                      another consumer
 *     lock, filled is 1, unlock
 *                                       lock, filled is 1, unlock
 *                                       lock, takes the item, unlock
 *     lock, takes from an empty buffer
 *
 * The wait is in a loop, everything is locked; what was waited for is gone all the same.
 */
#include "common.h"

static int get(void)
{
    pthread_mutex_lock(&lock);
    while (filled == 0)
        pthread_cond_wait(&not_empty, &lock);
    pthread_mutex_unlock(&lock);
    pthread_mutex_lock(&lock);
    int item = take();
    pthread_mutex_unlock(&lock);
    return item;
}
