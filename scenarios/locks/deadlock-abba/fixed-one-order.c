/* SPDX-License-Identifier: MIT */
/*
 * One order for all: stock_lock before till_lock, whatever the direction of the trade.
 *
 * A cycle of waits would need one task that holds till_lock and waits for stock_lock. Nobody
 * ever does, so there is no cycle.
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
    pthread_mutex_lock(&stock_lock);
    pthread_mutex_lock(&till_lock);
    till--;
    stock++;
    pthread_mutex_unlock(&till_lock);
    pthread_mutex_unlock(&stock_lock);
}
