/* SPDX-License-Identifier: MIT */
/*
 * The flag says that a plate was put there, not that one is there.
 *
 *     cook                              waiter
 *     pushes plate 0, served = true
 *                                       served: pops plate 0
 *                                       served: pops from an empty pile
 *     pushes plate 1 ...
 *
 * Every access is locked. What is looked at under the lock is the wrong thing.
 */
#include "common.h"

static bool served; /* guarded by lock */

static void put_plate(int plate)
{
    pthread_mutex_lock(&lock);
    push(plate);
    served = true;
    pthread_mutex_unlock(&lock);
}

static void take_plate(void)
{
    pthread_mutex_lock(&lock);
    if (served)
        pop();
    pthread_mutex_unlock(&lock);
}
