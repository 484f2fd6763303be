/* SPDX-License-Identifier: MIT */
/*
 * Forks are locks of ours, and every philosopher takes the left one first.
 *
 *     philosopher 0          1          2          3
 *     lock forks[0]
 *                    forks[1]
 *                               forks[2]
 *                                          forks[3]
 *     lock forks[1]  forks[2]   forks[3]   forks[0]    all wait
 *
 * Each holds the fork that the one at the left waits for: a cycle around the table.
 */
#include "common.h"

#include <ilv/mutex.h>

static struct ilv_mutex forks[SEATS];

static void take_forks(int left, int right)
{
    ilv_mutex_lock(&forks[left]);
    ilv_mutex_lock(&forks[right]);
}

static void put_forks(int left, int right)
{
    ilv_mutex_unlock(&forks[right]);
    ilv_mutex_unlock(&forks[left]);
}
