/* SPDX-License-Identifier: MIT */
/*
 * One order for all: stock_lock before till_lock, whatever the direction of the trade.
 *
 * A cycle of waits would need one task that holds till_lock and waits for stock_lock. Nobody
 * ever does, so there is no cycle.
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
    ilv_mutex_lock(&stock_lock);
    ilv_mutex_lock(&till_lock);
    till--;
    stock++;
    ilv_mutex_unlock(&till_lock);
    ilv_mutex_unlock(&stock_lock);
}
