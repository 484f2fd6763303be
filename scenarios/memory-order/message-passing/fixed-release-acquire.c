/* SPDX-License-Identifier: MIT */
/*
 * Release and acquire: who reads the flag that was stored with release, and reads it with acquire,
 * comes after all that the writer did before the store.
 */
#include "common.h"

static void raise_flag(void)
{
    atomic_store_explicit(&ready, true, memory_order_release);
}

static bool is_raised(void)
{
    return atomic_load_explicit(&ready, memory_order_acquire);
}
