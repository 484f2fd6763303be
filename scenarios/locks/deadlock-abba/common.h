/* SPDX-License-Identifier: MIT */
/*
 * A shop keeps its goods and its money under locks. A sale turns an item into money, a
 * refund turns money into an item: their sum never changes. How sell() and refund() take the
 * locks is what the variants are about.
 */
#include "scenario.h"

#define ITEMS 10

static int stock = ITEMS;
static int till;

static void sell(void);
static void refund(void);

static void *seller(void *unused)
{
    sell();
    return unused;
}

static void *refunder(void *unused)
{
    refund();
    return unused;
}

int main(void)
{
    pthread_t first = scenario_start(seller, NULL);
    pthread_t second = scenario_start(refunder, NULL);
    scenario_join(first);
    scenario_join(second);
    scenario_check(stock + till == ITEMS, "every item is in the stock or paid for");
    return 0;
}
