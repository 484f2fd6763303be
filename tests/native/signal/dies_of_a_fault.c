/* SPDX-License-Identifier: MIT */
/* finding: crash */
/* runs: 5 */
/* A fault in a thread, with the signal blocked: nothing helps. */
#include <signal.h>

#include "../sync/result.h"

static void count(int signal)
{
    (void)signal;
}

static void *faults(void *address)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    *(volatile int *)address = 1;
    return NULL;
}

int main(void)
{
    signal(SIGSEGV, count);
    in_thread(faults, (void *)16);
    return 0;
}
