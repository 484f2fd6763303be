/* SPDX-License-Identifier: MIT */
/* A timer that fires three times, counted by a thread that waits for its signal. */
/* fault 1: the timer fires only once */
/* finds 1: deadlock (stuck) | deadlock (join) */
#include <signal.h>
#include <time.h>

#include "threads.h"

static sigset_t set;

static void *waiter(void *argument)
{
    for (int i = 0; i < 3;) {
        siginfo_t info;
        must(sigwaitinfo(&set, &info) != SIGRTMIN);
        i += 1 + info.si_overrun;
    }
    return argument;
}

int main(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    struct itimerspec time = {.it_value = {.tv_sec = 1}, .it_interval = {.tv_sec = fault != 1}};
    timer_t timer;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    must(pthread_sigmask(SIG_BLOCK, &set, NULL));
    must(timer_create(CLOCK_MONOTONIC, &event, &timer) || timer_settime(timer, 0, &time, NULL));
    pthread_t id = thread(waiter, NULL);
    join(id);
    must(timer_delete(timer));
}
