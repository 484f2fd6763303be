/* SPDX-License-Identifier: MIT */
/*
 * Two threads that enter three times each and yield between: a yield is no promise that the other
 * one goes first. 6! / (3! 3!).
 */
/* counts: = 20 in 1500 */
#include <sched.h>

#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *body(void *argument)
{
    for (int i = 0; i < 3; i++) {
        lock(&mutex);
        unlock(&mutex);
        if (i < 2)
            sched_yield();
    }
    return argument;
}

int main(void)
{
    run_threads(2, body);
    return 0;
}
