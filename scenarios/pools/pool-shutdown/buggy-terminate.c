/* SPDX-License-Identifier: MIT */
/*
 * Terminate with tasks in flight, and the outcome unread.
 *
 *     customer                main                    the callback
 *     hands in 1, 2, 3
 *                             terminate
 *                                                     1: ECANCELED, unread: books nothing for it
 *                             join
 *                             what is booked? too little
 *
 * A thread cannot be killed: what runs is finished. What waits is cancelled, and its callback is
 * called with that outcome, and with a result that nobody wrote.
 */
#include "common.h"

static void hand_in(int number)
{
    if (submit(number) == EPIPE)
        by_himself += number * number;
}

static void book(int error, const void *result, void *number)
{
    (void)error, (void)number;
    booked += *(const int *)result;
}

static void shut_down(void)
{
    scenario_must(ilv_pool_terminate(office), "ilv_pool_terminate");
    scenario_must(ilv_pool_join(office), "ilv_pool_join");
}
