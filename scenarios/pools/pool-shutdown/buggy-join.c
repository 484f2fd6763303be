/* SPDX-License-Identifier: MIT */
/*
 * Join before close, and the answer unread.
 *
 *     customer                main                    a clerk
 *     hands in 1, 2, 3
 *                             join: EBUSY, unread
 *                             close
 *                             what is booked? 0
 *                                                     squares 1
 *
 * A pool that is open has no end that one could wait for, so join says EBUSY instead of waiting for
 * ever. Nobody looks, and main goes on as if all were done.
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
    ilv_pool_join(office);
    ilv_pool_close(office);
}
