/* SPDX-License-Identifier: MIT */
/*
 * Two conditions: producers sleep on one, consumers on the other.
 *
 * All who wait on a condition wait for the same thing, so any one of them is the right one to
 * wake.
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;

static void put(int item)
{
    pthread_mutex_lock(&lock);
    while (full)
        pthread_cond_wait(&not_full, &lock);
    shelf = item;
    full = true;
    pthread_cond_signal(&not_empty);
    pthread_mutex_unlock(&lock);
}

static void take(void)
{
    pthread_mutex_lock(&lock);
    while (!full)
        pthread_cond_wait(&not_empty, &lock);
    sum += shelf;
    full = false;
    pthread_cond_signal(&not_full);
    pthread_mutex_unlock(&lock);
}
