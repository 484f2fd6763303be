/* SPDX-License-Identifier: MIT */
/*
 * N philosophers who take the fork with the lower number first and eat once. Two neighbours use
 * the fork between them one after the other, so a behaviour directs each edge of a ring: 2^N at
 * most. Everybody holds both forks before letting go of one (two-phase locking), so the directions
 * have no cycle, which excludes two; and any direction without a cycle is that of a serial meal.
 * 2^N - 2.
 */
/* counts: 3 = 6 in 150 */
/* counts: 4 = 14 in 400 */
#include "threads.h"

static pthread_mutex_t forks[8];
static long seats;

static void *philosopher(void *argument)
{
    long left = (long)argument, right = (left + 1) % seats;
    long first = left < right ? left : right, second = left < right ? right : left;
    lock(&forks[first]);
    lock(&forks[second]);
    unlock(&forks[second]);
    unlock(&forks[first]);
    return NULL;
}

int main(int argc, char **argv)
{
    seats = argc > 1 ? atol(argv[1]) : 3;
    for (int i = 0; i < 8; i++)
        must(pthread_mutex_init(&forks[i], NULL));
    run_threads(seats, philosopher);
}
