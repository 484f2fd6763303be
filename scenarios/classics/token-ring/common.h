/* SPDX-License-Identifier: MIT */
/*
 * Three stations in a ring pass a token on: the first makes a new one of what the third has, the
 * second copies it from the first, the third from the second. A monitor looks, when all have passed
 * it on, whether all have the same. Who may pass when is what the variants are about.
 */
#include <stdbool.h>

#include "scenario.h"

#define STATIONS 3

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int token[STATIONS] = {1, 2, 1}; /* guarded by lock */
static int passed;                      /* guarded by lock */

static void enter(int station);
static void leave(int station);

static void *first(void *unused)
{
    enter(0);
    token[0] = (token[2] + 1) % 4;
    leave(0);
    return unused;
}

static void *second(void *unused)
{
    enter(1);
    token[1] = token[0];
    leave(1);
    return unused;
}

static void *third(void *unused)
{
    enter(2);
    token[2] = token[1];
    leave(2);
    return unused;
}

static void *monitor(void *unused)
{
    pthread_mutex_lock(&lock);
    if (passed == STATIONS)
        scenario_check(token[0] == token[1] && token[1] == token[2], "all stations have one token");
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    void *(*const bodies[])(void *) = {first, second, third};
    pthread_t stations[STATIONS];
    pthread_t watching = scenario_start(monitor, NULL);
    for (int i = 0; i < STATIONS; i++)
        stations[i] = scenario_start(bodies[i], NULL);
    for (int i = 0; i < STATIONS; i++)
        scenario_join(stations[i]);
    scenario_join(watching);
    return 0;
}
