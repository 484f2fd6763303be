/* SPDX-License-Identifier: MIT */
/*
 * A workshop: main puts orders into a queue, workers fetch and do them. In the evening main sends
 * the workers home. How they learn that it is evening is what the variants are about.
 */
#include <errno.h>
#include <sched.h>

#include <ilv/event.h>
#include <ilv/queue.h>

#include "scenario_ilv.h"

#define WORKERS 2
#define ORDERS 3

static struct ilv_queue *orders;
static int done[WORKERS]; /* each by its worker */

/* A worker's day; counts the orders that he did. */
static void serve(int *mine);
static void send_home(void);

static int worker(void *mine)
{
    serve(mine);
    return 0;
}

static void make_queue(void)
{
    const struct ilv_queue_options options = {.capacity = ORDERS, .size = sizeof(int)};
    orders = ilv_queue_new(&options);
    scenario_must(orders ? 0 : errno, "ilv_queue_new");
}

int main(void)
{
    struct ilv_thread *workers[WORKERS];
    make_queue();
    for (int i = 0; i < WORKERS; i++)
        workers[i] = scenario_run(worker, &done[i]);
    for (int order = 1; order <= ORDERS; order++)
        ilv_queue_put(orders, &order);
    scenario_rest();
    send_home();
    for (int i = 0; i < WORKERS; i++)
        scenario_end(workers[i]);
    scenario_check(done[0] + done[1] == ORDERS, "every order is done");
    ilv_queue_delete(orders);
    return 0;
}
