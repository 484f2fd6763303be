/* SPDX-License-Identifier: MIT */
/*
 * Ordered forks: the one with the lower number first.
 *
 * Along any chain of waits the numbers rise, and a chain that rises never closes to a cycle. Only
 * the philosopher in the last seat reaches to the right first.
 */
#include "common.h"

#include <ilv/mutex.h>

static struct ilv_mutex forks[SEATS];

static void take_forks(int left, int right)
{
    ilv_mutex_lock(&forks[left < right ? left : right]);
    ilv_mutex_lock(&forks[left < right ? right : left]);
}

static void put_forks(int left, int right)
{
    ilv_mutex_unlock(&forks[right]);
    ilv_mutex_unlock(&forks[left]);
}
