/* SPDX-License-Identifier: MIT */
/*
 * A register of visits, kept by one keeper and OTHERS others. The keeper notes what it shows before
 * he adds his visit and looks at it again after: while he has it locked nobody else adds. What the
 * others lock is what the variants are about; the variant says how many they are.
 */
#include "scenario.h"

static pthread_mutex_t register_lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int visits; /* volatile: each look is a look. It orders nothing */

static void add_visit(void);

static void *keeper(void *unused)
{
    pthread_mutex_lock(&register_lock);
    int before = visits;
    visits = before + 1;
    scenario_check(visits == before + 1, "nobody adds while it is locked");
    pthread_mutex_unlock(&register_lock);
    return unused;
}

static void *other(void *unused)
{
    add_visit();
    return unused;
}

int main(void)
{
    pthread_t keeps = scenario_start(keeper, NULL);
    pthread_t others[OTHERS];
    for (int i = 0; i < OTHERS; i++)
        others[i] = scenario_start(other, NULL);
    scenario_join(keeps);
    for (int i = 0; i < OTHERS; i++)
        scenario_join(others[i]);
    return 0;
}
