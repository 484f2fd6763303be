/* SPDX-License-Identifier: MIT */
/*
 * A cook puts five plates on a pile, a waiter comes five times and takes one if there is one. How
 * he knows that there is one is what the variants are about.
 */
#include <stdbool.h>

#include "scenario.h"

#define PLATES 5

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int pile[PLATES]; /* guarded by lock */
static int height;       /* guarded by lock */

static void put_plate(int plate);
static void take_plate(void);

static void push(int plate)
{
    scenario_check(height < PLATES, "the pile is not higher than there is room");
    pile[height++] = plate;
}

static int pop(void)
{
    scenario_check(height > 0, "nobody takes a plate from an empty pile");
    return pile[--height];
}

static void *cook(void *unused)
{
    for (int plate = 0; plate < PLATES; plate++)
        put_plate(plate);
    return unused;
}

static void *waiter(void *unused)
{
    for (int visit = 0; visit < PLATES; visit++)
        take_plate();
    return unused;
}

int main(void)
{
    pthread_t cooking = scenario_start(cook, NULL);
    pthread_t serving = scenario_start(waiter, NULL);
    scenario_join(cooking);
    scenario_join(serving);
    return 0;
}
