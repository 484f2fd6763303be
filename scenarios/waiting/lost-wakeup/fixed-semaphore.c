/* SPDX-License-Identifier: MIT */
/*
 * A semaphore, which remembers: a post before the wait is not lost, the wait takes it.
 */
#include "common.h"

#include <semaphore.h>

static sem_t done;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make(void)
{
    sem_init(&done, 0, 0);
}

static void announce(void)
{
    pthread_once(&once, make);
    sem_post(&done);
}

static void await(void)
{
    pthread_once(&once, make);
    while (sem_wait(&done) != 0)
        continue;
}
