/* SPDX-License-Identifier: MIT */
/*
 * The second half is set before the first, which publishes it.
 *
 * The release store of first comes after second in every setter; who acquires the 1 sees what came
 * before it. Setters store the same values, so it is the same whose 1 it was.
 */
#define SETTERS 2
#include "common.h"

static void set(void)
{
    __atomic_store_n(&second, -1, __ATOMIC_RELAXED); /* ordered by the next line */
    __atomic_store_n(&first, 1, __ATOMIC_RELEASE);   /* read by the acquire in look */
}

static void look(int *seen_first, int *seen_second)
{
    *seen_first = __atomic_load_n(&first, __ATOMIC_ACQUIRE);
    *seen_second = __atomic_load_n(&second, __ATOMIC_RELAXED); /* not before the line above */
}
