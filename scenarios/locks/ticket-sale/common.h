/* SPDX-License-Identifier: MIT */
/*
 * A box office with two counters and one ticket left. A counter looks whether there is a ticket and
 * sells it. How looking and selling are kept together is what the variants are about.
 */
#include <stdbool.h>

#include "scenario.h"

#define TICKETS 1
#define COUNTERS 2

static bool sold[COUNTERS]; /* each by its counter */

static bool sell(void);
static int tickets_left(void);

static void *counter(void *place)
{
    *(bool *)place = sell();
    return NULL;
}

int main(void)
{
    pthread_t first = scenario_start(counter, &sold[0]);
    pthread_t second = scenario_start(counter, &sold[1]);
    scenario_join(first);
    scenario_join(second);
    scenario_check(tickets_left() >= 0, "there are never fewer tickets than none");
    scenario_check(sold[0] + sold[1] == TICKETS, "every ticket is sold, and sold once");
    return 0;
}
