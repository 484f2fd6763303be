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

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void put(int item)
{
    pthread_mutex_lock(&lock);
    while (full)
        pthread_cond_wait(&changed, &lock);
    shelf = item;
    full = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

static void take(void)
{
    pthread_mutex_lock(&lock);
    while (!full)
        pthread_cond_wait(&changed, &lock);
    sum += shelf;
    full = false;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}
