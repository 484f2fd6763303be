/* SPDX-License-Identifier: MIT */
/*
 * No wait between check and act: a task changes only where it waits, so nobody comes between.
 */
#include "common.h"

static bool sell(void)
{
    check_card();
    if (tickets == 0)
        return false;
    tickets--;
    return true;
}
