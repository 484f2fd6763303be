/* SPDX-License-Identifier: MIT */
/*
 * The flag is relaxed: atomic, and of no consequence for anything else.
 *
 *     writer                            reader
 *     message = 42, not seen yet
 *     ready = true
 *                                       ready is true
 *                                       message is 0
 *
 * A machine may show the two writes, or do the two reads, in the other order. On x86 it does
 * neither, and a compiler mostly leaves them alone; by the language it is a data race on the
 * message.
 */
#include "common.h"

static void raise_flag(void)
{
    atomic_store_explicit(&ready, true, memory_order_relaxed);
}

static bool is_raised(void)
{
    return atomic_load_explicit(&ready, memory_order_relaxed);
}
