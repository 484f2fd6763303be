/* SPDX-License-Identifier: MIT */
/*
 * The flag stays relaxed, and two fences give the order: a release fence before the store, an
 * acquire fence after the load that read from it.
 */
#include "common.h"

static void raise_flag(void)
{
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&ready, true, memory_order_relaxed);
}

static bool is_raised(void)
{
    bool raised = atomic_load_explicit(&ready, memory_order_relaxed);
    atomic_thread_fence(memory_order_acquire);
    return raised;
}
