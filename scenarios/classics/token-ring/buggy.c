/* SPDX-License-Identifier: MIT */
/*
 * A lock keeps the stations apart, and puts them in no order.
 *
 *     first           second            third            monitor
 *                     copies 1
 *     makes 2
 *                                       copies 1
 *                                                        2, 1, 1
 *
 * The stations were started in the right order, and mostly come in it; but nobody promised.
 */
#include "common.h"

static void enter(int station)
{
    (void)station;
    pthread_mutex_lock(&lock);
}

static void leave(int station)
{
    (void)station;
    passed++;
    pthread_mutex_unlock(&lock);
}
