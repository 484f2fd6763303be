/* SPDX-License-Identifier: MIT */
/*
 * Relaxed flags keep nobody apart and order nothing.
 *
 *     one clerk                         the other
 *     wants[0] = true (not seen yet)
 *                                       wants[1] = true (not seen yet)
 *     wants[1] is false: enters
 *                                       wants[0] is false: enters
 *
 * And when they come one after the other, who comes second reads that the first has left, and is
 * not promised to see what it did: a data race on the till even then.
 */
#include "common.h"

static bool enter(int me)
{
    atomic_store_explicit(&wants[me], true, memory_order_relaxed);
    return !atomic_load_explicit(&wants[1 - me], memory_order_relaxed);
}

static void leave(int me)
{
    atomic_store_explicit(&wants[me], false, memory_order_relaxed);
}
