/* SPDX-License-Identifier: MIT */
/*
 * One coarser lock over the stock and the till: a task that never holds a lock while it waits
 * for another cannot be part of a cycle.
 *
 * The price: a sale and a look into the till can no longer go on at the same time.
 */
#include "common.h"

static pthread_mutex_t shop_lock = PTHREAD_MUTEX_INITIALIZER;

static void sell(void)
{
    pthread_mutex_lock(&shop_lock);
    stock--;
    till++;
    pthread_mutex_unlock(&shop_lock);
}

static void refund(void)
{
    pthread_mutex_lock(&shop_lock);
    till--;
    stock++;
    pthread_mutex_unlock(&shop_lock);
}
