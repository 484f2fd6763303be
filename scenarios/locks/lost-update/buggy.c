/* SPDX-License-Identifier: MIT */
/*
 * n += 1 is three things: read, add, write.
 *
 *     one gate                          another gate
 *     reads 0
 *                                       reads 0
 *     writes 1
 *                                       writes 1   (the first visitor is gone)
 */
#include "common.h"

static int n;

static void count_visitor(void)
{
    n += 1;
}

static int visitors(void)
{
    return n;
}
