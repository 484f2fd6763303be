/* SPDX-License-Identifier: MIT */
/*
 * Two stores and two loads, and nothing that keeps them together.
 *
 *     setter                        checker
 *     first = 1
 *                                   first is 1
 *                                   second is 0
 *     second = -1
 *
 * A setter must be half way and none be through. It is a data race as well: the compiler and the
 * processor may put the two stores in the other order, too.
 */
#include "common.h"

static void set(void)
{
    first = 1;
    second = -1;
}

static void look(int *seen_first, int *seen_second)
{
    *seen_first = first;
    *seen_second = second;
}
