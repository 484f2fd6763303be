/* SPDX-License-Identifier: MIT */
/*
 * A semaphore of N-1: one chair fewer than philosophers.
 *
 * A cycle needs all N at the table, each with a left fork. With at most N-1 seated, one fork more
 * than seated philosophers lies there, so one of them has both.
 */
#include "common.h"

#include <ilv/mutex.h>
#include <ilv/semaphore.h>

static struct ilv_mutex forks[SEATS];
static struct ilv_semaphore chairs = ILV_SEMAPHORE_INIT(SEATS - 1);

static void take_forks(int left, int right)
{
    ilv_semaphore_acquire(&chairs);
    ilv_mutex_lock(&forks[left]);
    ilv_mutex_lock(&forks[right]);
}

static void put_forks(int left, int right)
{
    ilv_mutex_unlock(&forks[right]);
    ilv_mutex_unlock(&forks[left]);
    ilv_semaphore_release(&chairs);
}
