/* SPDX-License-Identifier: MIT */
/* Three threads go through a hundred phases together; nobody is a phase ahead. */
/* fault 1: one thread leaves out one phase */
/* finds 1: exit-status | deadlock (stuck) */
/* fault 2: one waits once a phase instead of twice */
/* finds 2: exit-status | deadlock (stuck) */
#include "threads.h"

static pthread_barrier_t barrier;
static int phase[3];

static void *body(void *argument)
{
    long me = (long)argument;
    for (int i = 0; i < 100; i++) {
        phase[me] = i;
        if (!(fault == 1 && me == 1 && i == 50))
            (void)pthread_barrier_wait(&barrier);
        holds(phase[0] == phase[1] && phase[1] == phase[2]);
        if (!(fault == 2 && me == 2))
            (void)pthread_barrier_wait(&barrier);
    }
    return NULL;
}

int main(void)
{
    must(pthread_barrier_init(&barrier, NULL, 3));
    run_threads(3, body);
    must(pthread_barrier_destroy(&barrier));
}
