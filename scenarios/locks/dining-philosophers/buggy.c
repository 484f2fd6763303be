/* SPDX-License-Identifier: MIT */
/*
 * Every philosopher takes the left fork first.
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

#include "forks.h"

static void take_forks(int left, int right)
{
    pthread_mutex_lock(&forks[left]);
    pthread_mutex_lock(&forks[right]);
}

static void put_forks(int left, int right)
{
    pthread_mutex_unlock(&forks[right]);
    pthread_mutex_unlock(&forks[left]);
}
