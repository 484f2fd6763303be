/* SPDX-License-Identifier: MIT */
/*
 * A bounded semaphore that knows its holders: giving back what is not held is refused.
 *
 * Each take yields a ticket; only that ticket frees its place, once. A bound on the count alone
 * would not do: while others hold a place the count is below the bound, and a second release
 * would free one of theirs.
 */
#include "common.h"

#include "tickets.h"

static void work(bool fails)
{
    int ticket = take();
    query();
    if (fails)
        scenario_check(give_back(ticket), "who holds a connection can give it back");
    scenario_check(give_back(ticket) == !fails, "giving back twice is refused");
}
