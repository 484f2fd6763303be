/* SPDX-License-Identifier: MIT */
/*
 * Philosophers around a table, one fork between each two. To eat, a philosopher needs the fork
 * at the left and the fork at the right. How take_forks() goes about it is what the variants are
 * about.
 */
#include "scenario.h"

#define SEATS 4

static int meals[SEATS]; /* eaten with each fork; guarded by it */

static void take_forks(int left, int right);
static void put_forks(int left, int right);

static void *philosopher(void *seat)
{
    int left = *(const int *)seat;
    int right = (left + 1) % SEATS;
    take_forks(left, right);
    meals[left]++;
    meals[right]++;
    put_forks(left, right);
    return NULL;
}

int main(void)
{
    int seats[SEATS];
    pthread_t threads[SEATS];
    for (int i = 0; i < SEATS; i++) {
        seats[i] = i;
        threads[i] = scenario_start(philosopher, &seats[i]);
    }
    for (int i = 0; i < SEATS; i++)
        scenario_join(threads[i]);
    for (int i = 0; i < SEATS; i++)
        scenario_check(meals[i] == 2, "every fork served two meals");
    return 0;
}
