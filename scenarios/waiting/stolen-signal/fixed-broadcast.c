/* SPDX-License-Identifier: MIT */
/*
 * Broadcast: whoever could use the change is among those who wake.
 *
 * Each looks at its own predicate again, and those who have no use for the change sleep on. The
 * price: all wake where one was meant.
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void put(int item)
{
    pthread_mutex_lock(&lock);
    while (full)
        pthread_cond_wait(&changed, &lock);
    shelf = item;
    full = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void take(void)
{
    pthread_mutex_lock(&lock);
    while (!full)
        pthread_cond_wait(&changed, &lock);
    sum += shelf;
    full = false;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}
