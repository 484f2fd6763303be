/* SPDX-License-Identifier: MIT */
/* Waiting for signals: sigwait, sigwaitinfo, sigtimedwait, sigsuspend, pause. */
#include <signal.h>
#include <unistd.h>

#include "../sync/result.h"

static volatile sig_atomic_t calls;
static sigset_t both;

static void count(int signal)
{
    (void)signal;
    calls++;
}

static void polls(void)
{
    struct timespec zero = {0, 0};
    struct timespec wrong = {0, 1000000000};
    struct timespec negative = {-1, 0};
    struct timespec soon = {0, 1000000};
    siginfo_t info;
    SHOW_ERRNO(sigtimedwait(&both, &info, &zero));
    SHOW_ERRNO(sigtimedwait(&both, &info, &wrong));
    SHOW_ERRNO(sigtimedwait(&both, &info, &negative));
    SHOW_ERRNO(sigtimedwait(&both, NULL, &soon));
}

static void takes_what_is_pending(void)
{
    siginfo_t info;
    int got = 0;
    raise(SIGUSR2);
    raise(SIGUSR1);
    SHOW(sigwait(&both, &got));
    SHOW_VALUE(got == SIGUSR1);
    SHOW_VALUE(sigwaitinfo(&both, &info) == SIGUSR2);
    SHOW_VALUE(info.si_signo == SIGUSR2);
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 5});
    SHOW_VALUE(sigwaitinfo(&both, &info) == SIGUSR1);
    printf("%d %d\n", info.si_code == SI_QUEUE, info.si_value.sival_int);
    raise(SIGUSR1);
    SHOW_VALUE(sigwaitinfo(&both, NULL) == SIGUSR1);
    SHOW_VALUE(calls);
}

static void *sends(void *target)
{
    pthread_t *thread = target;
    if (thread != NULL)
        pthread_kill(*thread, SIGUSR1);
    else
        kill(getpid(), SIGUSR1);
    return NULL;
}

static void is_woken_by_another(void)
{
    pthread_t self = pthread_self();
    pthread_t thread;
    int got = 0;
    pthread_create(&thread, NULL, sends, &self);
    SHOW(sigwait(&both, &got));
    SHOW_VALUE(got == SIGUSR1);
    pthread_join(thread, NULL);
    pthread_create(&thread, NULL, sends, NULL);
    SHOW(sigwait(&both, &got));
    SHOW_VALUE(got == SIGUSR1);
    pthread_join(thread, NULL);
    SHOW_VALUE(calls);
}

static void suspends_until_a_handler_ran(void)
{
    pthread_t self = pthread_self();
    pthread_t thread;
    sigset_t none;
    sigset_t now;
    sigemptyset(&none);
    pthread_create(&thread, NULL, sends, &self);
    SHOW_ERRNO(sigsuspend(&none));
    SHOW_VALUE(calls);
    pthread_join(thread, NULL);
    raise(SIGUSR1);
    raise(SIGUSR2);
    SHOW_ERRNO(sigsuspend(&none));
    SHOW_VALUE(calls);
    sigprocmask(SIG_BLOCK, NULL, &now);
    SHOW_VALUE(sigismember(&now, SIGUSR1));
}

/* Natively the signal may come before pause: so it is sent until pause has returned. */
static volatile sig_atomic_t paused;

static void *pauses(void *unused)
{
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
    int result = pause();
    printf("pause: %d %s\n", result, strerrorname_np(errno));
    paused = 1;
    return unused;
}

static void pause_ends_with_a_handler(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, pauses, NULL);
    while (!paused) {
        pthread_kill(thread, SIGUSR1);
        sched_yield();
    }
    pthread_join(thread, NULL);
}

int main(void)
{
    struct sigaction action = {.sa_handler = count};
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    sigemptyset(&both);
    sigaddset(&both, SIGUSR1);
    sigaddset(&both, SIGUSR2);
    sigprocmask(SIG_BLOCK, &both, NULL);
    polls();
    takes_what_is_pending();
    is_woken_by_another();
    suspends_until_a_handler_ran();
    pause_ends_with_a_handler();
    return 0;
}
