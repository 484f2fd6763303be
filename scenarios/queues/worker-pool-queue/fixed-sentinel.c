/* SPDX-License-Identifier: MIT */
/*
 * The end is an order like any other: one "go home" for each worker, put behind all the rest.
 *
 * What is first in is first out, so whoever gets it finds nothing left before it. The price:
 * whoever sends it has to know how many workers there are.
 */
#include "common.h"

static const int go_home = 0;

static void serve(int *mine)
{
    int order;
    while (ilv_queue_get(orders, &order) == 0 && order != go_home)
        ++*mine;
}

static void send_home(void)
{
    for (int i = 0; i < WORKERS; i++)
        ilv_queue_put(orders, &go_home);
}
