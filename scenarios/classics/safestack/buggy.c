/* SPDX-License-Identifier: MIT */
/*
 * A pop takes the next of the cell that it wants away, so that no other pop gets past it, and then
 * compares the head. But a push writes the next anew, and the head may be that cell again.
 *
 *     one user                another                 a third
 *                             pops 0                  pops 1
 *                             begins to push 0        begins to push 1
 *     takes next of 0: 1
 *                             pushes 0 on top of 2
 *     head is 0: head = 1
 *                             pops 1
 *                                                     pushes 1, pops 1
 *
 * Two have cell 1. No schedule with fewer than seven preemptions comes to that.
 */
#include "common.h"

static int pop(void)
{
    while (atomic_load_explicit(&count, memory_order_seq_cst) > 1) {
        int first = atomic_load_explicit(&head, memory_order_seq_cst);
        int next = atomic_exchange_explicit(&cells[first].next, NONE, memory_order_seq_cst);
        int seen = first;
        if (next == NONE)
            continue;
        if (atomic_compare_exchange_strong_explicit(&head, &seen, next, memory_order_seq_cst,
                                                    memory_order_seq_cst)) {
            atomic_fetch_sub_explicit(&count, 1, memory_order_seq_cst);
            return first;
        }
        atomic_exchange_explicit(&cells[first].next, next, memory_order_seq_cst);
    }
    return NONE;
}

static void push(int cell)
{
    int first = atomic_load_explicit(&head, memory_order_seq_cst);
    do {
        atomic_store_explicit(&cells[cell].next, first, memory_order_seq_cst);
    } while (!atomic_compare_exchange_strong_explicit(&head, &first, cell, memory_order_seq_cst,
                                                      memory_order_seq_cst));
    atomic_fetch_add_explicit(&count, 1, memory_order_seq_cst);
}
