/* SPDX-License-Identifier: MIT */
/*
 * Each booking is allowed for by itself: the sum is right after any of the orders.
 */
#include "common.h"

static int expected_balance(void)
{
    int expected = OPENING;
    if (deposited)
        expected += DEPOSIT;
    if (withdrawn)
        expected -= WITHDRAWAL;
    return expected;
}
