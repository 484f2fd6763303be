/* SPDX-License-Identifier: MIT */
/*
 * The writer releases, the reader does not acquire.
 *
 *     writer                            reader
 *                                       message is 0 (read ahead)
 *     message = 42
 *     ready = true, release
 *                                       ready is true
 *                                       takes the 0 that it has
 *
 * A release is half a bridge. Without an acquire that reads from it, it leads nowhere.
 */
#include "common.h"

static void raise_flag(void)
{
    atomic_store_explicit(&ready, true, memory_order_release);
}

static bool is_raised(void)
{
    return atomic_load_explicit(&ready, memory_order_relaxed);
}
