/* SPDX-License-Identifier: MIT */
/*
 * An exit flag beside the queue.
 *
 *     main                                  worker
 *     puts orders 1, 2, 3
 *                                           is it evening? no
 *                                           gets order 1, does it
 *     it is evening
 *                                           is it evening? yes: goes home
 *     joins him: orders 2 and 3 are never done
 *
 * The flag overtakes what stands in the queue. Natively the orders are done long before the evening
 * comes.
 */
#include "common.h"

static struct ilv_event evening = ILV_EVENT_INIT;

static void serve(int *mine)
{
    int order;
    while (!ilv_event_is_set(&evening)) {
        if (ilv_queue_try_get(orders, &order) == 0)
            ++*mine;
        else
            sched_yield();
    }
}

static void send_home(void)
{
    ilv_event_set(&evening);
}
