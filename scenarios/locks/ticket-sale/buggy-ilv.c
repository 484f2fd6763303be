/* SPDX-License-Identifier: MIT */
/*
 * Our mutex, held for looking and for selling, each time anew: the best of locks does not help
 * where nothing is locked.
 *
 *     first counter                     second counter
 *     lock, tickets is 1, unlock
 *                                       lock, tickets is 1, unlock
 *     lock, tickets = 0, unlock
 *                                       lock, tickets = -1, unlock
 */
#include "common.h"

#include <ilv/mutex.h>

static struct ilv_mutex lock;
static int tickets = TICKETS; /* guarded by lock */

static bool sell(void)
{
    ilv_mutex_lock(&lock);
    bool available = tickets > 0;
    ilv_mutex_unlock(&lock);
    if (!available)
        return false;
    ilv_mutex_lock(&lock);
    tickets--;
    ilv_mutex_unlock(&lock);
    return true;
}

static int tickets_left(void)
{
    return tickets;
}
