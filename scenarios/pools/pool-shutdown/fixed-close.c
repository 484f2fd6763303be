/* SPDX-License-Identifier: MIT */
/*
 * Close, then join; and who is refused is told so.
 *
 * Closed, the pool takes no more and does all that it has taken; join waits for that. A submit that
 * comes too late gives EPIPE, at once, and the customer does it himself.
 */
#include "common.h"

static void hand_in(int number)
{
    if (submit(number) == EPIPE)
        by_himself += number * number;
}

static void book(int error, const void *result, void *number)
{
    (void)number;
    scenario_must(error, "square");
    booked += *(const int *)result;
}

static void shut_down(void)
{
    scenario_must(ilv_pool_close(office), "ilv_pool_close");
    scenario_must(ilv_pool_join(office), "ilv_pool_join");
}
