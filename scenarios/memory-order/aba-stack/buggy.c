/* SPDX-License-Identifier: MIT */
/*
 * The compare-exchange of the pop compares the number of the buffer on top. That it is the same as
 * before does not mean that nothing happened.
 *
 *     borrow_one                        borrow_two
 *     top is A, below it is B
 *                                       pops A
 *                                       pops B, and keeps it
 *                                       pushes A: top is A, below it is C
 *     top is still A: top = B
 *
 * The buffer B is in the pool and in use: A, B, A.
 */
#include "common.h"

static bool replace_top(unsigned *seen, unsigned buffer)
{
    return atomic_compare_exchange_weak_explicit(&top, seen, buffer, memory_order_acq_rel,
                                                 memory_order_acquire);
}

static unsigned pop(int me)
{
    (void)me;
    unsigned seen = atomic_load_explicit(&top, memory_order_acquire);
    while (seen != NONE) {
        unsigned next = atomic_load_explicit(&below[seen], memory_order_relaxed);
        if (replace_top(&seen, next))
            break;
    }
    return seen;
}

static void push(int me, unsigned buffer)
{
    (void)me;
    unsigned seen = atomic_load_explicit(&top, memory_order_relaxed);
    do {
        atomic_store_explicit(&below[buffer], seen, memory_order_relaxed);
    } while (!replace_top(&seen, buffer));
}
