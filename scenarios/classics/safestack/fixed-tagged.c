/* SPDX-License-Identifier: MIT */
/*
 * The head carries a tag that every pop and push counts up, so a head that was compared is a head
 * that did not change; and the next of a cell is just read, for nobody writes it while the head
 * stands.
 */
#include "common.h"

#define TAG 4 /* the head is a cell, plus so much for each change */

static int pop(void)
{
    while (atomic_load_explicit(&count, memory_order_seq_cst) > 1) {
        int first = atomic_load_explicit(&head, memory_order_seq_cst);
        int next = atomic_load_explicit(&cells[first % TAG].next, memory_order_seq_cst);
        int seen = first;
        if (next == NONE)
            continue;
        if (atomic_compare_exchange_strong_explicit(&head, &seen, first - first % TAG + TAG + next,
                                                    memory_order_seq_cst, memory_order_seq_cst)) {
            atomic_fetch_sub_explicit(&count, 1, memory_order_seq_cst);
            return first % TAG;
        }
    }
    return NONE;
}

static void push(int cell)
{
    int first = atomic_load_explicit(&head, memory_order_seq_cst);
    do {
        atomic_store_explicit(&cells[cell].next, first % TAG, memory_order_seq_cst);
    } while (!atomic_compare_exchange_strong_explicit(&head, &first,
                                                      first - first % TAG + TAG + cell,
                                                      memory_order_seq_cst, memory_order_seq_cst));
    atomic_fetch_add_explicit(&count, 1, memory_order_seq_cst);
}
