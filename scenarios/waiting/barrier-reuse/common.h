/* SPDX-License-Identifier: MIT */
/*
 * Workers compute in rounds. In each round everybody writes a part, all meet at the barrier, then
 * everybody reads all parts and prepares the next one, which takes longer than waking up. How the
 * barrier counts is what the variants are about.
 */
#include <stdbool.h>

#include "scenario.h"

#define WORKERS 2
#define ROUNDS 2

static bool written[ROUNDS][WORKERS]; /* each by its worker before the barrier of the round */

static void make_barrier(void);
static void meet(void);

static void prepare(void)
{
    for (int i = 0; i < 3; i++)
        scenario_give_way();
}

static void *worker(void *number)
{
    int own = *(const int *)number;
    for (int round = 0; round < ROUNDS; round++) {
        written[round][own] = true;
        meet();
        for (int i = 0; i < WORKERS; i++)
            scenario_check(written[round][i], "all parts are written when the barrier opens");
        prepare();
    }
    return NULL;
}

int main(void)
{
    int numbers[WORKERS];
    pthread_t threads[WORKERS];
    make_barrier();
    for (int i = 0; i < WORKERS; i++) {
        numbers[i] = i;
        threads[i] = scenario_start(worker, &numbers[i]);
    }
    for (int i = 0; i < WORKERS; i++)
        scenario_join(threads[i]);
    return 0;
}
