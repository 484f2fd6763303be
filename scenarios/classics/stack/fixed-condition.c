/* SPDX-License-Identifier: MIT */
/*
 * The waiter waits until there is a plate. As many come as are taken, so he waits for none in vain.
 */
#include "common.h"

static pthread_cond_t put = PTHREAD_COND_INITIALIZER;

static void put_plate(int plate)
{
    pthread_mutex_lock(&lock);
    push(plate);
    pthread_cond_signal(&put);
    pthread_mutex_unlock(&lock);
}

static void take_plate(void)
{
    pthread_mutex_lock(&lock);
    while (height == 0)
        pthread_cond_wait(&put, &lock);
    pop();
    pthread_mutex_unlock(&lock);
}
