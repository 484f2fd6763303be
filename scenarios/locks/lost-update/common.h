/* SPDX-License-Identifier: MIT */
/*
 * A park counts its visitors: at each of three gates somebody comes in, and the gate adds one to
 * the number that all share. How it is added is what the variants are about.
 */
#include "scenario.h"

#define GATES 3

static void count_visitor(void);
static int visitors(void);

static void *gate(void *unused)
{
    count_visitor();
    return unused;
}

int main(void)
{
    pthread_t gates[GATES];
    for (int i = 0; i < GATES; i++)
        gates[i] = scenario_start(gate, NULL);
    for (int i = 0; i < GATES; i++)
        scenario_join(gates[i]);
    scenario_check(visitors() == GATES, "everybody who came in was counted");
    return 0;
}
