/* SPDX-License-Identifier: MIT */
/*
 * Release and acquire order what comes one after the other. They do not keep a load from
 * overtaking a store to another place.
 *
 *     one clerk                         the other
 *     wants[0] = true (in the store
 *     buffer, not seen yet)
 *                                       wants[1] = true (not seen yet)
 *     wants[1] is false: enters
 *                                       wants[0] is false: enters
 *
 * Nearly every processor has a store buffer, x86 as well. If there were one order of all
 * accesses, one clerk would see the other.
 */
#include "common.h"

static bool enter(int me)
{
    atomic_store_explicit(&wants[me], true, memory_order_release);
    return !atomic_load_explicit(&wants[1 - me], memory_order_acquire);
}

static void leave(int me)
{
    atomic_store_explicit(&wants[me], false, memory_order_release);
}
