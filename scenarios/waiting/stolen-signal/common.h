/* SPDX-License-Identifier: MIT */
/*
 * A shelf with room for one item. A producer puts two items, two consumers take one each. Who is
 * woken by whom is what the variants are about.
 */
#include <stdbool.h>

#include "scenario.h"

#define CONSUMERS 2

static bool full; /* guarded by lock, as are the next two */
static int shelf;
static int sum;

static void put(int item);
static void take(void);

static void *producer(void *unused)
{
    for (int i = 1; i <= CONSUMERS; i++)
        put(i);
    return unused;
}

static void *consumer(void *unused)
{
    take();
    return unused;
}

int main(void)
{
    pthread_t puts = scenario_start(producer, NULL);
    scenario_give_way();
    pthread_t first = scenario_start(consumer, NULL);
    pthread_t second = scenario_start(consumer, NULL);
    scenario_join(puts);
    scenario_join(first);
    scenario_join(second);
    scenario_check(sum == 1 + 2, "every item was taken once");
    return 0;
}
