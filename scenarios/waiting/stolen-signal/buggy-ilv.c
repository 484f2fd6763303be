/* SPDX-License-Identifier: MIT */
/*
 * One condition for "not full" and "not empty", and a signal that wakes the wrong side.
 *
 *     producer                consumer 1              consumer 2
 *                             empty: wait changed
 *                                                     empty: wait changed
 *     put 1, signal (to 1)
 *     full: wait changed
 *                             take 1, signal (to 2!)
 *                                                     empty: wait changed
 *
 * The signal meant for the producer was stolen by a consumer who has no use for it. All sleep.
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
    ilv_condition_notify_one(&changed);
    ilv_mutex_unlock(&lock);
}

static void take(void)
{
    ilv_mutex_lock(&lock);
    while (!full)
        ilv_condition_wait(&changed, &lock);
    sum += shelf;
    full = false;
    ilv_condition_notify_one(&changed);
    ilv_mutex_unlock(&lock);
}
