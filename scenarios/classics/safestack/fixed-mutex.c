/* SPDX-License-Identifier: MIT */
/*
 * A mutex around each pop and push: nothing comes between looking and taking. (What is atomic would
 * no longer have to be.)
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int pop(void)
{
    pthread_mutex_lock(&lock);
    while (atomic_load_explicit(&count, memory_order_seq_cst) > 1) {
        int first = atomic_load_explicit(&head, memory_order_seq_cst);
        int next = atomic_exchange_explicit(&cells[first].next, NONE, memory_order_seq_cst);
        int seen = first;
        if (next == NONE)
            continue;
        if (atomic_compare_exchange_strong_explicit(&head, &seen, next, memory_order_seq_cst,
                                                    memory_order_seq_cst)) {
            atomic_fetch_sub_explicit(&count, 1, memory_order_seq_cst);
            pthread_mutex_unlock(&lock);
            return first;
        }
        atomic_exchange_explicit(&cells[first].next, next, memory_order_seq_cst);
    }
    pthread_mutex_unlock(&lock);
    return NONE;
}

static void push(int cell)
{
    pthread_mutex_lock(&lock);
    int first = atomic_load_explicit(&head, memory_order_seq_cst);
    do {
        atomic_store_explicit(&cells[cell].next, first, memory_order_seq_cst);
    } while (!atomic_compare_exchange_strong_explicit(&head, &first, cell, memory_order_seq_cst,
                                                      memory_order_seq_cst));
    atomic_fetch_add_explicit(&count, 1, memory_order_seq_cst);
    pthread_mutex_unlock(&lock);
}
