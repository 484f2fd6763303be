/* SPDX-License-Identifier: MIT */
/*
 * Read, add and write as one atomic operation. Nothing else hangs on the number, so it may be
 * relaxed: main reads it after the joins.
 */
#include "common.h"

#include <stdatomic.h>

static atomic_int n;

static void count_visitor(void)
{
    atomic_fetch_add_explicit(&n, 1, memory_order_relaxed);
}

static int visitors(void)
{
    return atomic_load_explicit(&n, memory_order_relaxed);
}
