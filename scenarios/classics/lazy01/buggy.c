/* SPDX-License-Identifier: MIT */
/*
 * Who comes first finds something to do; so the lazy one takes it for granted.
 *
 *     lazy                        one                 two
 *                                 filled = 1
 *                                                     filled = 3
 *     3 - 3 rows left
 *
 * Every access is locked. He has to come last, and was started first.
 */
#include "common.h"

static int time_for_a_row(int rows_left)
{
    scenario_check(rows_left > 0, "something is left to do");
    return TIME / rows_left;
}
