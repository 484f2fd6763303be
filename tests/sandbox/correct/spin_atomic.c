/* SPDX-License-Identifier: MIT */
/* A lock made of an atomic flag and sched_yield. */
/* fault 1: looking and setting are two steps */
/* finds 1: exit-status */
/* fault 2: never let go */
/* finds 2: livelock | deadlock (stuck) */
#include <sched.h>
#include <stdatomic.h>

#include "threads.h"

static atomic_int busy;
static int inside, total;

static void take(void)
{
    while (fault == 1 ? atomic_load_explicit(&busy, memory_order_acquire)
                      : atomic_exchange_explicit(&busy, 1, memory_order_acquire))
        sched_yield();
    if (fault == 1) {
        sched_yield();
        atomic_store_explicit(&busy, 1, memory_order_relaxed);
    }
}

static void *body(void *argument)
{
    for (int i = 0; i < 3; i++) {
        take();
        holds(++inside == 1);
        sched_yield();
        total++;
        inside--;
        if (fault != 2)
            atomic_store_explicit(&busy, 0, memory_order_release);
    }
    return argument;
}

int main(void)
{
    run_threads(3, body);
    holds(total == 9);
}
