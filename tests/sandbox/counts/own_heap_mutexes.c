/* SPDX-License-Identifier: MIT */
/* Mutexes that threads make on the heap for themselves are the same ones in every schedule, at
 * whatever address malloc put them. */
/* counts: 3 = 1 in 60 */
#include "threads.h"

static void *body(void *argument)
{
    for (int i = 0; i < 2; i++) {
        pthread_mutex_t *mine = malloc(sizeof *mine);
        must(!mine || pthread_mutex_init(mine, NULL));
        lock(mine);
        unlock(mine);
        must(pthread_mutex_destroy(mine));
        free(mine);
    }
    return argument;
}

int main(int argc, char **argv)
{
    run_threads(argc > 1 ? atol(argv[1]) : 2, body);
}
