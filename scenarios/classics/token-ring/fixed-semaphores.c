/* SPDX-License-Identifier: MIT */
/*
 * A semaphore between each station and the next: it is posted when the token has been passed on.
 */
#include "common.h"

#include <semaphore.h>

static sem_t ready[STATIONS + 1];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make(void)
{
    for (int i = 0; i <= STATIONS; i++)
        sem_init(&ready[i], 0, i == 0);
}

static void enter(int station)
{
    pthread_once(&once, make);
    while (sem_wait(&ready[station]) != 0)
        continue;
    pthread_mutex_lock(&lock);
}

static void leave(int station)
{
    passed++;
    pthread_mutex_unlock(&lock);
    sem_post(&ready[station + 1]);
}
