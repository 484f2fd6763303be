/* SPDX-License-Identifier: MIT */
/* A thread calls itself until its stack is used up. */
/* status: 1 */
/* tells: crash: T0.1 was ended by SIGSEGV */
/* tells: deeper() at tests/programs/hostile/overflows_stack.c:# */
/* tells: ... at least # more of deeper() */
/* says: FOUND crash in run 0: overflows_stack-crash-1.sched */
#include <pthread.h>

static volatile int depth;

static int deeper(volatile char *above)
{
    volatile char here[4096];
    here[0] = *above;
    if (++depth < 0)
        return 0;
    return deeper(here) + here[0];
}

static void *start(void *unused)
{
    volatile char first = 1;
    depth = deeper(&first);
    return unused;
}

int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, start, NULL) != 0)
        return 2;
    pthread_join(thread, NULL);
}
