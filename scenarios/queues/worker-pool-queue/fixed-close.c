/* SPDX-License-Identifier: MIT */
/*
 * Close the queue, then join.
 *
 * The end stands in the queue, behind all that was put: getters drain it and then see the end. And
 * nobody polls: a get waits for an order or for the end, whichever comes.
 */
#include "common.h"

static void serve(int *mine)
{
    int order;
    while (ilv_queue_get(orders, &order) == 0)
        ++*mine;
}

static void send_home(void)
{
    ilv_queue_close(orders);
}
