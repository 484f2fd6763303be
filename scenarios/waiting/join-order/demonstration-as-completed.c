/* SPDX-License-Identifier: MIT */
/*
 * As they are done: who is done puts his dish into a queue, and main waits for the queue.
 *
 * One waits for "any of them" by having all of them tell one place. The joins come afterwards and
 * wait for next to nothing.
 */
#include "common.h"

#include <errno.h>
#include <ilv/queue.h>

static struct ilv_queue *hatch;

static void prepare(void)
{
    const struct ilv_queue_options options = {.capacity = DISHES, .size = sizeof(struct dish *)};
    hatch = ilv_queue_new(&options);
    scenario_must(hatch ? 0 : errno, "ilv_queue_new");
}

static void tell(struct dish *dish)
{
    scenario_must(ilv_queue_put(hatch, &dish), "ilv_queue_put");
}

static void serve_all(void)
{
    for (int i = 0; i < DISHES; i++) {
        struct dish *dish;
        scenario_must(ilv_queue_get(hatch, &dish), "ilv_queue_get");
        serve(dish);
        scenario_end(dish->cook);
    }
    ilv_queue_delete(hatch);
}
