/* SPDX-License-Identifier: MIT */
/*
 * Two workers count, a reporter waits until main announces that both are done. How main announces
 * and the reporter awaits it is what the variants are about.
 */
#include <stdbool.h>

#include "scenario.h"

#define WORKERS 2

static int counted[WORKERS]; /* each by its worker */

static void announce(void);
static void await(void);

static void *worker(void *place)
{
    *(int *)place = 21;
    return NULL;
}

static void *reporter(void *unused)
{
    await();
    scenario_check(counted[0] + counted[1] == 42, "both are done when it is announced");
    return unused;
}

int main(void)
{
    pthread_t waiting = scenario_start(reporter, NULL);
    pthread_t first = scenario_start(worker, &counted[0]);
    pthread_t second = scenario_start(worker, &counted[1]);
    scenario_join(first);
    scenario_join(second);
    announce();
    scenario_join(waiting);
    return 0;
}
