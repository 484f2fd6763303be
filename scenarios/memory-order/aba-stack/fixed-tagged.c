/* SPDX-License-Identifier: MIT */
/*
 * The word on top carries a tag that every pop and push counts up: the same buffer on top again is
 * another word. (A tag of 24 bits comes round after 16 million changes; 64 bits are the usual
 * remedy.)
 */
#include "common.h"

#define TAG 0x100u

static bool replace_top(unsigned *seen, unsigned buffer)
{
    unsigned tagged = (*seen & ~NONE) + TAG + buffer;
    return atomic_compare_exchange_weak_explicit(&top, seen, tagged, memory_order_acq_rel,
                                                 memory_order_acquire);
}

static unsigned pop(int me)
{
    (void)me;
    unsigned seen = atomic_load_explicit(&top, memory_order_acquire);
    while ((seen & NONE) != NONE) {
        unsigned next = atomic_load_explicit(&below[seen & NONE], memory_order_relaxed);
        if (replace_top(&seen, next))
            break;
    }
    return seen & NONE;
}

static void push(int me, unsigned buffer)
{
    (void)me;
    unsigned seen = atomic_load_explicit(&top, memory_order_relaxed);
    do {
        atomic_store_explicit(&below[buffer], seen & NONE, memory_order_relaxed);
    } while (!replace_top(&seen, buffer));
}
