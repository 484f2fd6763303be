/* SPDX-License-Identifier: MIT */
/*
 * An atomic variable, read atomically and written atomically, and still three things.
 *
 *     one gate                          another gate
 *     loads 0
 *                                       loads 0
 *     stores 1
 *                                       stores 1   (the first visitor is gone)
 *
 * There is no data race. Each of the two operations is atomic; their pair is not.
 */
#include "common.h"

#include <stdatomic.h>

static atomic_int n;

static void count_visitor(void)
{
    int seen = atomic_load_explicit(&n, memory_order_acquire);
    atomic_store_explicit(&n, seen + 1, memory_order_release);
}

static int visitors(void)
{
    return atomic_load_explicit(&n, memory_order_relaxed);
}
