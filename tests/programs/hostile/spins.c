/* SPDX-License-Identifier: MIT */
/* A thread computes without a call, for ever. */
/* options: --runs 1 --spin-seconds 1 */
/* status: 3 */
/* says: LIMITED: none of 1 run could be judged: T0.1 spins or computes without a call, build it with interleave cc */
#include <pthread.h>

static volatile unsigned turns;

static void *spin(void *unused)
{
    for (;;)
        turns++;
    return unused;
}

int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, spin, NULL) != 0)
        return 2;
    pthread_join(thread, NULL);
}
