/* SPDX-License-Identifier: MIT */
/*
 * Two locks of ours, taken in opposite order.
 *
 *     seller                     refunder
 *     lock stock_lock
 *                                lock till_lock
 *     lock till_lock   (waits)
 *                                lock stock_lock   (waits)
 *
 * A lock that notices when its holder dies does not notice a cycle of the living.
 */
#include "common.h"

#include <ilv/mutex.h>

static struct ilv_mutex stock_lock;
static struct ilv_mutex till_lock;

static void sell(void)
{
    ilv_mutex_lock(&stock_lock);
    ilv_mutex_lock(&till_lock);
    stock--;
    till++;
    ilv_mutex_unlock(&till_lock);
    ilv_mutex_unlock(&stock_lock);
}

static void refund(void)
{
    ilv_mutex_lock(&till_lock);
    ilv_mutex_lock(&stock_lock);
    till--;
    stock++;
    ilv_mutex_unlock(&stock_lock);
    ilv_mutex_unlock(&till_lock);
}
