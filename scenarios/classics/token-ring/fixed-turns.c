/* SPDX-License-Identifier: MIT */
/*
 * How many have passed the token on says whose turn it is: each station waits for its own.
 */
#include "common.h"

static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;

static void enter(int station)
{
    pthread_mutex_lock(&lock);
    while (passed != station)
        pthread_cond_wait(&turned, &lock);
}

static void leave(int station)
{
    (void)station;
    passed++;
    pthread_cond_broadcast(&turned);
    pthread_mutex_unlock(&lock);
}
