/* SPDX-License-Identifier: MIT */
/*
 * A waiter, who lets one philosopher at a time pick up forks.
 *
 * Who waits for a fork while another is in the waiter's care waits for one that eats, and who
 * eats waits for nobody. So the chain of waits has length two and ends. The price: a philosopher
 * whose forks are free may stand behind one whose are not.
 */
#include "common.h"

#include "forks.h"

static pthread_mutex_t waiter = PTHREAD_MUTEX_INITIALIZER;

static void take_forks(int left, int right)
{
    pthread_mutex_lock(&waiter);
    pthread_mutex_lock(&forks[left]);
    pthread_mutex_lock(&forks[right]);
    pthread_mutex_unlock(&waiter);
}

static void put_forks(int left, int right)
{
    pthread_mutex_unlock(&forks[right]);
    pthread_mutex_unlock(&forks[left]);
}
