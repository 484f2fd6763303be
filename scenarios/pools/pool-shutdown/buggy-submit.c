/* SPDX-License-Identifier: MIT */
/*
 * Submit after close, and the answer unread.
 *
 *     customer                main
 *     hands in 1
 *                             close, join
 *     hands in 2: EPIPE, unread
 *     hands in 3: EPIPE, unread
 *                             what is booked? 1
 *
 * The pool did all that it had taken. The other numbers it never had, and said so.
 */
#include "common.h"

static void hand_in(int number)
{
    submit(number);
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
