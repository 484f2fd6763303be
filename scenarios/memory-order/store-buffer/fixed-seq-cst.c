/* SPDX-License-Identifier: MIT */
/*
 * Sequential consistency: all four accesses stand in one order. Whoever's store comes second loads
 * after the other's store, and sees it. The store that leaves is a release for the next load.
 */
#include "common.h"

static bool enter(int me)
{
    atomic_store_explicit(&wants[me], true, memory_order_seq_cst);
    return !atomic_load_explicit(&wants[1 - me], memory_order_seq_cst);
}

static void leave(int me)
{
    atomic_store_explicit(&wants[me], false, memory_order_seq_cst);
}
