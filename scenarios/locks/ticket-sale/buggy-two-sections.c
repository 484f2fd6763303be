/* SPDX-License-Identifier: MIT */
/*
 * Check under the lock, act under the lock, and between them none.
 *
 *     first counter                     second counter
 *     lock, tickets is 1, unlock
 *                                       lock, tickets is 1, unlock
 *     lock, tickets = 0, unlock
 *                                       lock, tickets = -1, unlock
 *
 * No access races: every checker of data races is content. The decision is out of date all the
 * same.
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int tickets = TICKETS; /* guarded by lock */

static bool sell(void)
{
    pthread_mutex_lock(&lock);
    bool available = tickets > 0;
    pthread_mutex_unlock(&lock);
    if (!available)
        return false;
    pthread_mutex_lock(&lock);
    tickets--;
    pthread_mutex_unlock(&lock);
    return true;
}

static int tickets_left(void)
{
    return tickets;
}
