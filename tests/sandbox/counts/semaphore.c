/* SPDX-License-Identifier: MIT */
/*
 * N threads that take a unit of U and give it back. With U = 1: N!. Two threads with two units:
 * of the 6 orders of w1 p1 w2 p2 those that end in p1 p2 or p2 p1 are pairwise equal, because
 * giving commutes: 4.
 */
/* counts: 2 1 = 2 in 50 */
/* counts: 3 1 = 6 in 150 */
/* counts: 2 2 = 4 in 150 */
#include <semaphore.h>

#include "threads.h"

static sem_t units;

static void *body(void *argument)
{
    must(sem_wait(&units));
    must(sem_post(&units));
    return argument;
}

int main(int argc, char **argv)
{
    must(argc != 3);
    must(sem_init(&units, 0, (unsigned)atoi(argv[2])));
    run_threads(atol(argv[1]), body);
}
