/* SPDX-License-Identifier: MIT */
/* clock: idle */
/* Alarms and timers: what they send, what is left of them, what they refuse. */
#include <signal.h>
#include <stdint.h>
#include <sys/time.h>
#include <unistd.h>

#include "../sync/result.h"

static volatile sig_atomic_t calls;
static volatile sig_atomic_t value;
static volatile sig_atomic_t by_timer;

static void count(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    calls++;
    by_timer = info->si_code == SI_TIMER;
    if (by_timer)
        value = info->si_value.sival_int;
}

static void alarms(void)
{
    SHOW_VALUE(alarm(100));
    SHOW_VALUE(alarm(50));
    SHOW_VALUE(alarm(0));
    SHOW_VALUE(alarm(0));
    SHOW_VALUE(ualarm(100000, 0) == 0);
    SHOW_VALUE(ualarm(0, 0) > 0);
    SHOW_VALUE(alarm(1));
    SHOW_VALUE(pause());
    printf("%d %d\n", calls, by_timer);
    calls = 0;
}

static void interval_timers(void)
{
    struct itimerval now;
    struct itimerval often = {{0, 2000}, {0, 1000}};
    struct itimerval later = {{0, 0}, {500, 0}};
    struct itimerval off = {{0, 0}, {0, 0}};
    struct itimerval wrong = {{0, 0}, {0, 1000000}};
    struct itimerval negative = {{0, 0}, {-1, 0}};
    SHOW_ERRNO(setitimer(ITIMER_REAL, &wrong, NULL));
    SHOW_ERRNO(setitimer(ITIMER_REAL, &negative, NULL));
    SHOW_ERRNO(setitimer(77, &off, NULL));
    SHOW_ERRNO(getitimer(77, &now));
    SHOW_ERRNO(setitimer(ITIMER_REAL, &later, NULL));
    SHOW_ERRNO(getitimer(ITIMER_REAL, &now));
    SHOW_VALUE(now.it_value.tv_sec == 499 || now.it_value.tv_sec == 500);
    SHOW_ERRNO(setitimer(ITIMER_REAL, &often, &now));
    SHOW_VALUE(now.it_value.tv_sec >= 499 && now.it_interval.tv_sec == 0);
    while (calls < 3)
        pause();
    SHOW_ERRNO(setitimer(ITIMER_REAL, &off, &now));
    SHOW_VALUE(now.it_interval.tv_usec);
    SHOW_ERRNO(getitimer(ITIMER_REAL, &now));
    SHOW_VALUE(now.it_value.tv_sec == 0 && now.it_value.tv_usec == 0);
    SHOW_VALUE(calls >= 3);
    calls = 0;
}

static void posix_timer_errors(timer_t timer)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 65};
    struct itimerspec wrong = {{0, 0}, {0, 1000000000}};
    timer_t other;
    SHOW_ERRNO(timer_create(CLOCK_MONOTONIC, &event, &other));
    event.sigev_notify = 77;
    SHOW_ERRNO(timer_create(CLOCK_MONOTONIC, &event, &other));
    SHOW_ERRNO(timer_create(12345, NULL, &other));
    SHOW_ERRNO(timer_settime(timer, 0, &wrong, NULL));
}

static void posix_timers(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec soon = {{0, 0}, {0, 1000000}};
    struct itimerspec later = {{1, 0}, {300, 0}};
    struct itimerspec off = {{0, 0}, {0, 0}};
    struct itimerspec now;
    timer_t timer;
    event.sigev_value.sival_int = 42;
    SHOW_ERRNO(timer_create(CLOCK_MONOTONIC, &event, &timer));
    posix_timer_errors(timer);
    SHOW_ERRNO(timer_gettime(timer, &now));
    SHOW_VALUE(now.it_value.tv_sec == 0 && now.it_value.tv_nsec == 0);
    SHOW_ERRNO(timer_settime(timer, 0, &later, NULL));
    SHOW_ERRNO(timer_gettime(timer, &now));
    SHOW_VALUE(now.it_interval.tv_sec == 1 && now.it_value.tv_sec >= 299);
    SHOW_ERRNO(timer_settime(timer, 0, &off, &now));
    SHOW_VALUE(now.it_value.tv_sec >= 299);
    SHOW_ERRNO(timer_settime(timer, 0, &soon, NULL));
    while (calls == 0)
        usleep(1000);
    printf("%d value %d by timer %d\n", calls, value, by_timer);
    SHOW_VALUE(timer_getoverrun(timer));
    struct itimerspec at = {{0, 0}, from_now(CLOCK_MONOTONIC, 2)};
    calls = 0;
    SHOW_ERRNO(timer_settime(timer, TIMER_ABSTIME, &at, NULL));
    while (calls == 0)
        usleep(1000);
    SHOW_ERRNO(timer_delete(timer));
    SHOW_VALUE(calls);
}

static void silent_timer(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    struct itimerspec soon = {{0, 0}, {0, 1000000}};
    struct itimerspec now;
    timer_t timer;
    SHOW_ERRNO(timer_create(CLOCK_REALTIME, &event, &timer));
    SHOW_ERRNO(timer_settime(timer, 0, &soon, NULL));
    usleep(2000);
    SHOW_ERRNO(timer_gettime(timer, &now));
    SHOW_VALUE(now.it_value.tv_sec == 0 && now.it_value.tv_nsec == 0);
    SHOW_ERRNO(timer_delete(timer));
}

static void waited_for(void)
{
    sigset_t set;
    siginfo_t info;
    struct itimerval once = {{0, 0}, {0, 1000}};
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    setitimer(ITIMER_REAL, &once, NULL);
    SHOW_VALUE(sigwaitinfo(&set, &info) == SIGALRM);
    setitimer(ITIMER_REAL, &once, NULL);
    usleep(3000);
    sigset_t pending;
    sigpending(&pending);
    SHOW_VALUE(sigismember(&pending, SIGALRM));
    calls = 0;
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    SHOW_VALUE(calls);
    signal(SIGALRM, SIG_IGN);
    setitimer(ITIMER_REAL, &once, NULL);
    SHOW_ERRNO(usleep(3000));
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = count, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    alarms();
    interval_timers();
    posix_timers();
    silent_timer();
    waited_for();
    return 0;
}
