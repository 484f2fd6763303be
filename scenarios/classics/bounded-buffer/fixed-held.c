/* SPDX-License-Identifier: MIT */
/*
 * The lock with which the wait returns is the one under which the item is taken.
 */
#include "common.h"

static int get(void)
{
    pthread_mutex_lock(&lock);
    while (filled == 0)
        pthread_cond_wait(&not_empty, &lock);
    int item = take();
    pthread_mutex_unlock(&lock);
    return item;
}
