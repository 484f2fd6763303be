/* SPDX-License-Identifier: MIT */
/*
 * The lock is let go, for whatever reason, and after that nothing is taken for granted: the
 * consumer looks again, and waits again if it has to.
 */
#include "common.h"

static void await_item(void)
{
    pthread_mutex_lock(&lock);
    while (filled == 0)
        pthread_cond_wait(&not_empty, &lock);
    pthread_mutex_unlock(&lock);
}

static int get(void)
{
    await_item();
    pthread_mutex_lock(&lock);
    while (filled == 0) {
        pthread_mutex_unlock(&lock);
        await_item();
        pthread_mutex_lock(&lock);
    }
    int item = take();
    pthread_mutex_unlock(&lock);
    return item;
}
