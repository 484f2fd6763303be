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

#include <ilv/mutex.h>

#include <sched.h>

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
    while (ilv_mutex_try_lock(&stock_lock) != 0) {
        ilv_mutex_unlock(&till_lock);
        sched_yield();
        ilv_mutex_lock(&till_lock);
    }
    till--;
    stock++;
    ilv_mutex_unlock(&stock_lock);
    ilv_mutex_unlock(&till_lock);
}
