/* SPDX-License-Identifier: MIT */
/* Threads that use a mutex each: whatever the order, nothing is different. */
/* counts: 2 = 1 in 60 */
/* counts: 4 = 1 in 60 */
#include "threads.h"

static pthread_mutex_t mutexes[8];

static void *body(void *argument)
{
    pthread_mutex_t *mine = &mutexes[(long)argument];
    lock(mine);
    unlock(mine);
    lock(mine);
    unlock(mine);
    return NULL;
}

int main(int argc, char **argv)
{
    for (int i = 0; i < 8; i++)
        must(pthread_mutex_init(&mutexes[i], NULL));
    run_threads(argc > 1 ? atol(argv[1]) : 2, body);
}
