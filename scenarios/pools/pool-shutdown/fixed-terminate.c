/* SPDX-License-Identifier: MIT */
/*
 * Terminate, and every outcome is read: what was cancelled is known, and done elsewhere.
 *
 * Each task that was accepted ends with exactly one outcome, and join returns after the last. The
 * price: whoever reads it has to know what to do then.
 */
#include "common.h"

static void hand_in(int number)
{
    if (submit(number) == EPIPE)
        by_himself += number * number;
}

static void book(int error, const void *result, void *number)
{
    int mine = (int)(intptr_t)number;
    booked += error == ECANCELED ? mine * mine : *(const int *)result;
}

static void shut_down(void)
{
    scenario_must(ilv_pool_terminate(office), "ilv_pool_terminate");
    scenario_must(ilv_pool_join(office), "ilv_pool_join");
}
