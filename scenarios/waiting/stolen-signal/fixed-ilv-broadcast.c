/* SPDX-License-Identifier: MIT */
/*
 * Broadcast: whoever could use the change is among those who wake.
 *
 * Each looks at its own predicate again, and those who have no use for the change sleep on. The
 * price: all wake where one was meant.
 */
#include "common.h"

#include <ilv/condition.h>
#include <ilv/mutex.h>

static struct ilv_mutex lock;
static struct ilv_condition changed;

static void put(int item)
{
    ilv_mutex_lock(&lock);
    while (full)
        ilv_condition_wait(&changed, &lock);
    shelf = item;
    full = true;
    ilv_condition_notify_all(&changed);
    ilv_mutex_unlock(&lock);
}

static void take(void)
{
    ilv_mutex_lock(&lock);
    while (!full)
        ilv_condition_wait(&changed, &lock);
    sum += shelf;
    full = false;
    ilv_condition_notify_all(&changed);
    ilv_mutex_unlock(&lock);
}
