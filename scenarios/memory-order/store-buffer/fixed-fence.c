/* SPDX-License-Identifier: MIT */
/*
 * A full fence between store and load: of two such fences one is first, and what was stored before
 * it is seen after the other.
 */
#include "common.h"

static bool enter(int me)
{
    atomic_store_explicit(&wants[me], true, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst);
    return !atomic_load_explicit(&wants[1 - me], memory_order_acquire);
}

static void leave(int me)
{
    atomic_store_explicit(&wants[me], false, memory_order_release);
}
