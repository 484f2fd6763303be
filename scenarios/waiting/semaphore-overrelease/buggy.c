/* SPDX-License-Identifier: MIT */
/*
 * A failed query gives its connection back in the error path, and then once more.
 *
 *     unlucky                   workers 2, 3, 4
 *     take: 2 -> 1
 *     query fails
 *     give back: 1 -> 2
 *     give back: 2 -> 3
 *                               take, take, take: 3 -> 0, three in use
 *
 * Nothing happens at once: the bound is gone for good, and some busy hour will show it.
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
    sem_wait(&connections);
    query();
    if (fails)
        sem_post(&connections);
    sem_post(&connections);
}
