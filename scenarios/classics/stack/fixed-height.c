/* SPDX-License-Identifier: MIT */
/*
 * The waiter looks at the pile itself, under the lock under which he takes from it.
 */
#include "common.h"

static void put_plate(int plate)
{
    pthread_mutex_lock(&lock);
    push(plate);
    pthread_mutex_unlock(&lock);
}

static void take_plate(void)
{
    pthread_mutex_lock(&lock);
    if (height > 0)
        pop();
    pthread_mutex_unlock(&lock);
}
