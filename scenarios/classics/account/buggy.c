/* SPDX-License-Identifier: MIT */
/*
 * The auditor allows for one booking, whichever it is, and forgets that there may be both.
 *
 *     auditor                    deposit             withdrawal
 *                                100 -> 150
 *                                                    150 -> 120
 *     100 + 50 = 150, not 120
 *
 * Every access is locked. Of the six orders of the three, only the two with the auditor last fail,
 * and the auditor was started first.
 */
#include "common.h"

static int expected_balance(void)
{
    int expected = OPENING;
    if (deposited)
        expected += DEPOSIT;
    else if (withdrawn)
        expected -= WITHDRAWAL;
    return expected;
}
