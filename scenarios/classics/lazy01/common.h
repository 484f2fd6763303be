/* SPDX-License-Identifier: MIT */
/*
 * A table of three rows, filled when somebody gets round to it: one helper fills one row, another
 * two, and a lazy one, started first, shares out his time over what is left. Everybody locks. What
 * the lazy one takes for granted is what the variants are about.
 */
#include "scenario.h"

#define ROWS 3
#define TIME 60

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int filled; /* guarded by lock */

static int time_for_a_row(int rows_left);

static void *one(void *unused)
{
    pthread_mutex_lock(&lock);
    filled += 1;
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *two(void *unused)
{
    pthread_mutex_lock(&lock);
    filled += 2;
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *lazy(void *unused)
{
    pthread_mutex_lock(&lock);
    int rows_left = ROWS - filled;
    int spent = rows_left * time_for_a_row(rows_left);
    pthread_mutex_unlock(&lock);
    scenario_check(spent <= TIME, "nobody spends more time than there is");
    return unused;
}

int main(void)
{
    pthread_t last = scenario_start(lazy, NULL);
    pthread_t first = scenario_start(one, NULL);
    scenario_give_way();
    pthread_t second = scenario_start(two, NULL);
    scenario_join(last);
    scenario_join(first);
    scenario_join(second);
    scenario_check(filled == ROWS, "the helpers filled all rows");
    return 0;
}
