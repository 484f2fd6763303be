/* SPDX-License-Identifier: MIT */
/*
 * Check, wait, act. No two accesses race, there is one thread; and the decision is out of date all
 * the same.
 *
 *     first counter                     second counter
 *     tickets is 1: go on
 *     has the card checked, waits
 *                                       tickets is 1: go on
 *                                       has the card checked, waits
 *     tickets = 0, sold
 *                                       tickets = -1, sold
 */
#include "common.h"

static bool sell(void)
{
    if (tickets == 0)
        return false;
    check_card();
    tickets--;
    return true;
}
