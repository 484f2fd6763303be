/* SPDX-License-Identifier: MIT */
/*
 * Two locks, taken in opposite order.
 *
 *     seller                     refunder
 *     lock stock_lock
 *                                lock till_lock
 *     lock till_lock   (waits)
 *                                lock stock_lock   (waits)
 *
 * Each holds what the other waits for, and neither will ever let go.
 */
#include "common.h"

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
    pthread_mutex_lock(&stock_lock);
    till--;
    stock++;
    pthread_mutex_unlock(&stock_lock);
    pthread_mutex_unlock(&till_lock);
}
