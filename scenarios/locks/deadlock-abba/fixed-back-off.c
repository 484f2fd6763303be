/* SPDX-License-Identifier: MIT */
/*
 * Try the second lock, and let the first go when it is taken.
 *
 * Who cannot have the second lock holds nothing while he waits: he lets till_lock go, lets the
 * others run, and begins again. A task that holds till_lock never waits for stock_lock, so
 * there is no cycle. The price: the order is free, but the work before the second lock is done
 * again, perhaps often.
 */
#include "common.h"

#include <sched.h>

static pthread_mutex_t stock_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t till_lock = PTHREAD_MUTEX_INITIALIZER;

static void sell(void)
{
    pthread_mutex_lock(&stock_lock);
    pthread_mutex_lock(&till_lock);
    stock--;
    till++;
    pthread_mutex_unlock(&till_lock);
    pthread_mutex_unlock(&stock_lock);
}

static void refund(void)
{
    pthread_mutex_lock(&till_lock);
    while (pthread_mutex_trylock(&stock_lock) != 0) {
        pthread_mutex_unlock(&till_lock);
        sched_yield();
        pthread_mutex_lock(&till_lock);
    }
    till--;
    stock++;
    pthread_mutex_unlock(&stock_lock);
    pthread_mutex_unlock(&till_lock);
}
