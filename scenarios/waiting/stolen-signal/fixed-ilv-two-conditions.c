/* SPDX-License-Identifier: MIT */
/*
 * Two conditions: producers sleep on one, consumers on the other.
 *
 * All who wait on a condition wait for the same thing, so any one of them is the right one to
 * wake.
 */
#include "common.h"

#include <ilv/condition.h>
#include <ilv/mutex.h>

static struct ilv_mutex lock;
static struct ilv_condition not_full;
static struct ilv_condition not_empty;

static void put(int item)
{
    ilv_mutex_lock(&lock);
    while (full)
        ilv_condition_wait(&not_full, &lock);
    shelf = item;
    full = true;
    ilv_condition_notify_one(&not_empty);
    ilv_mutex_unlock(&lock);
}

static void take(void)
{
    ilv_mutex_lock(&lock);
    while (!full)
        ilv_condition_wait(&not_empty, &lock);
    sum += shelf;
    full = false;
    ilv_condition_notify_one(&not_full);
    ilv_mutex_unlock(&lock);
}
