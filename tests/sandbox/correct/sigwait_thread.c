/* SPDX-License-Identifier: MIT */
/* All threads block the signals, one of them waits for them. */
/* fault 1: blocked only in the thread that waits */
/* finds 1: crash */
/* fault 2: it waits for another signal */
/* finds 2: deadlock (stuck) | deadlock (join) */
#include <signal.h>
#include <unistd.h>

#include "threads.h"

static sigset_t set;
static int seen;

static void *waiter(void *argument)
{
    int number;
    must(pthread_sigmask(SIG_BLOCK, &set, NULL));
    for (seen = 0; seen < 2; seen++)
        must(sigwait(&set, &number));
    return argument;
}

int main(void)
{
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    if (fault != 2)
        sigaddset(&set, SIGUSR2);
    if (fault != 1)
        must(pthread_sigmask(SIG_BLOCK, &set, NULL));
    if (fault == 2)
        must(signal(SIGUSR2, SIG_IGN) == SIG_ERR);
    pthread_t id = thread(waiter, NULL);
    must(kill(getpid(), SIGUSR1) || kill(getpid(), SIGUSR2));
    join(id);
    holds(seen == 2);
}
