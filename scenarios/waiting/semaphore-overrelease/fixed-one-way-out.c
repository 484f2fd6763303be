/* SPDX-License-Identifier: MIT */
/*
 * One way out: what was taken once is given back once, whatever happened in between.
 */
#include "common.h"

#include <semaphore.h>

static sem_t connections;

static void make_connections(void)
{
    sem_init(&connections, 0, LIMIT);
}

static void work(bool fails)
{
    (void)fails; /* leads to the same way out */
    sem_wait(&connections);
    query();
    sem_post(&connections);
}
