/* SPDX-License-Identifier: MIT */
/*
 * Check, then act, on a plain variable.
 *
 *     first counter                     second counter
 *     tickets is 1: go on
 *                                       tickets is 1: go on
 *     tickets = 0, sold
 *                                       tickets = 0 (or -1), sold
 *
 * It is 0 where the compiler kept the number that was looked at, and -1 where it reads it again.
 * The one ticket is sold twice in any case.
 */
#include "common.h"

static int tickets = TICKETS;

static bool sell(void)
{
    if (tickets == 0)
        return false;
    tickets--;
    return true;
}

static int tickets_left(void)
{
    return tickets;
}
