/* SPDX-License-Identifier: MIT */
/*
 * Hazard pointers (M. Michael, 2004): a pop says which buffer it is looking at, and looks again
 * whether that is still on top. Nobody pushes a buffer that somebody is looking at, so while it is
 * looked at it cannot go and come back. Both the saying and the looking are sequentially
 * consistent: either the pop sees that the buffer is gone, or who wants to push it sees that it is
 * looked at.
 */
#include "common.h"

static atomic_uint hazard[WORKERS] = {NONE, NONE};

static bool replace_top(unsigned *seen, unsigned buffer)
{
    return atomic_compare_exchange_weak_explicit(&top, seen, buffer, memory_order_acq_rel,
                                                 memory_order_acquire);
}

static unsigned pop(int me)
{
    unsigned seen = atomic_load_explicit(&top, memory_order_acquire);
    while (seen != NONE) {
        atomic_store_explicit(&hazard[me], seen, memory_order_seq_cst);
        unsigned again = atomic_load_explicit(&top, memory_order_seq_cst);
        unsigned next = atomic_load_explicit(&below[seen], memory_order_relaxed);
        if (again == seen && replace_top(&again, next))
            break;
        seen = again;
    }
    atomic_store_explicit(&hazard[me], NONE, memory_order_release);
    return seen;
}

static void push(int me, unsigned buffer)
{
    while (atomic_load_explicit(&hazard[1 - me], memory_order_seq_cst) == buffer)
        sched_yield();
    unsigned seen = atomic_load_explicit(&top, memory_order_relaxed);
    do {
        atomic_store_explicit(&below[buffer], seen, memory_order_relaxed);
    } while (!replace_top(&seen, buffer));
}
