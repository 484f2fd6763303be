/* SPDX-License-Identifier: MIT */
/* Two streams locked in both orders: a deadlock in some runs, looked for where it must be. */
/* finding: deadlock cycle */
#include "result.h"

static pthread_barrier_t both;

static void *lock_both(void *streams)
{
    FILE **stream = streams;
    flockfile(stream[0]);
    pthread_barrier_wait(&both);
    flockfile(stream[1]);
    funlockfile(stream[1]);
    funlockfile(stream[0]);
    return NULL;
}

int main(void)
{
    FILE *one_way[] = {stdin, stderr};
    FILE *other_way[] = {stderr, stdin};
    pthread_t thread;
    pthread_barrier_init(&both, NULL, 2);
    pthread_create(&thread, NULL, lock_both, other_way);
    lock_both(one_way);
    pthread_join(thread, NULL);
    puts("never");
    return 0;
}
