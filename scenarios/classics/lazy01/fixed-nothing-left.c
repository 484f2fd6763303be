/* SPDX-License-Identifier: MIT */
/*
 * "Nothing is left" is an answer like any other: no row, no time.
 */
#include "common.h"

static int time_for_a_row(int rows_left)
{
    return rows_left > 0 ? TIME / rows_left : 0;
}
