/* SPDX-License-Identifier: MIT */
/*
 * N threads at a barrier, R times. Who arrives when is told apart (the last one is the serial
 * one), leaving is not: N! for one round. The last one does not wait, so in the next round of
 * two threads it arrives before the other one leaves, or between its leaving and arriving, or
 * after both: 2 * 3.
 */
/* counts: 2 1 = 2 in 50 */
/* counts: 3 1 = 6 in 150 */
/* counts: 2 2 = 6 in 200 */
#include "threads.h"

static pthread_barrier_t barrier;
static long rounds;

static void *body(void *argument)
{
    for (long i = 0; i < rounds; i++)
        (void)pthread_barrier_wait(&barrier);
    return argument;
}

int main(int argc, char **argv)
{
    must(argc != 3);
    rounds = atol(argv[2]);
    must(pthread_barrier_init(&barrier, NULL, (unsigned)atoi(argv[1])));
    run_threads(atol(argv[1]), body);
}
