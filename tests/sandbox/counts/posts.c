/* SPDX-License-Identifier: MIT */
/*
 * N threads that post, and one that waits W times. Posts commute: alone they are one behaviour.
 * A wait sees a set of posts before it: with W = 2 and N = 2 it is p1 | p2 before the first wait
 * (2) or both (1): 3. With W = 1 and N = 2: p1, p2 or both: 3.
 */
/* counts: 3 0 = 1 in 50 */
/* counts: 2 1 = 3 in 100 */
/* counts: 2 2 = 3 in 100 */
#include <semaphore.h>

#include "threads.h"

static sem_t units;
static long posters, waits;

static void *body(void *argument)
{
    if ((long)argument < posters) {
        must(sem_post(&units));
        return NULL;
    }
    for (long i = 0; i < waits; i++)
        must(sem_wait(&units));
    return NULL;
}

int main(int argc, char **argv)
{
    must(argc != 3 || sem_init(&units, 0, 0));
    posters = atol(argv[1]);
    waits = atol(argv[2]);
    run_threads(posters + 1, body);
}
