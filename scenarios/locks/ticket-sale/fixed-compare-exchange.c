/* SPDX-License-Identifier: MIT */
/*
 * The act carries its check with it: the number becomes one less only if it is still what was
 * looked at. Who loses looks again.
 */
#include "common.h"

#include <stdatomic.h>

static atomic_int tickets = TICKETS;

static bool sell(void)
{
    int seen = atomic_load_explicit(&tickets, memory_order_relaxed);
    do {
        if (seen == 0)
            return false;
    } while (!atomic_compare_exchange_weak_explicit(&tickets, &seen, seen - 1, memory_order_acq_rel,
                                                    memory_order_relaxed));
    return true;
}

static int tickets_left(void)
{
    return atomic_load_explicit(&tickets, memory_order_relaxed);
}
