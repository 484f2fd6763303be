/* SPDX-License-Identifier: MIT */
/*
 * A semaphore of N-1: one chair fewer than philosophers.
 *
 * A cycle needs all N at the table, each with a left fork. With at most N-1 seated, one fork more
 * than seated philosophers lies there, so one of them has both.
 */
#include "common.h"

#include "forks.h"

#include <semaphore.h>

static sem_t chairs;
static pthread_once_t chairs_once = PTHREAD_ONCE_INIT;

static void set_chairs(void)
{
    sem_init(&chairs, 0, SEATS - 1);
}

static void take_forks(int left, int right)
{
    pthread_once(&chairs_once, set_chairs);
    sem_wait(&chairs);
    pthread_mutex_lock(&forks[left]);
    pthread_mutex_lock(&forks[right]);
}

static void put_forks(int left, int right)
{
    pthread_mutex_unlock(&forks[right]);
    pthread_mutex_unlock(&forks[left]);
    sem_post(&chairs);
}
