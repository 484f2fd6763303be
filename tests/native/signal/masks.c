/* SPDX-License-Identifier: MIT */
/* Blocking, pending, and what is delivered in which order when it is let in. */
#include <signal.h>
#include <unistd.h>

#include "../sync/result.h"

static char order[64];
static size_t used;

static void note(int signal, siginfo_t *info, void *context)
{
    (void)context;
    used += (size_t)snprintf(order + used, sizeof order - used, " %d", signal - SIGRTMIN);
    if (info->si_code == SI_QUEUE)
        used +=
            (size_t)snprintf(order + used, sizeof order - used, "=%d", info->si_value.sival_int);
}

static void show_order(const char *what)
{
    printf("%s:%s\n", what, order);
    used = 0;
    order[0] = 0;
}

static void handle(int signal)
{
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
    sigaction(signal, &action, NULL);
}

static void change(int how, int a, int b)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, a);
    sigaddset(&set, b);
    SHOW(pthread_sigmask(how, &set, NULL));
}

static void show_pending(void)
{
    sigset_t set;
    SHOW_ERRNO(sigpending(&set));
    printf("pending: %d %d %d\n", sigismember(&set, SIGUSR1), sigismember(&set, SIGUSR2),
           sigismember(&set, SIGRTMIN));
}

static void refused(void)
{
    sigset_t all;
    sigset_t now;
    sigfillset(&all);
    SHOW_ERRNO(sigprocmask(99, &all, NULL));
    SHOW(pthread_sigmask(-1, &all, NULL));
    SHOW_ERRNO(sigprocmask(99, NULL, &now));
    SHOW_ERRNO(sigprocmask(SIG_SETMASK, &all, &now));
    SHOW_VALUE(sigismember(&now, SIGUSR1));
    SHOW_ERRNO(sigprocmask(SIG_SETMASK, &now, &all));
    SHOW_VALUE(sigismember(&all, SIGUSR1));
    SHOW_VALUE(sigismember(&all, SIGKILL));
    SHOW_VALUE(sigismember(&all, SIGSTOP));
    SHOW_VALUE(sigismember(&all, 32));
}

static void standard_signals_do_not_queue(void)
{
    handle(SIGUSR1);
    handle(SIGUSR2);
    change(SIG_BLOCK, SIGUSR1, SIGUSR2);
    raise(SIGUSR2);
    raise(SIGUSR1);
    raise(SIGUSR1);
    kill(getpid(), SIGUSR1);
    show_pending();
    change(SIG_UNBLOCK, SIGUSR1, SIGUSR2);
    show_pending();
    show_order("standard");
}

static void real_time_signals_queue(void)
{
    handle(SIGRTMIN);
    handle(SIGRTMIN + 1);
    change(SIG_BLOCK, SIGRTMIN, SIGRTMIN + 1);
    for (int i = 0; i < 3; i++) {
        sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = i});
        sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 10 + i});
    }
    show_pending();
    change(SIG_UNBLOCK, SIGRTMIN, SIGRTMIN);
    show_order("first");
    change(SIG_UNBLOCK, SIGRTMIN + 1, SIGRTMIN + 1);
    show_order("second");
}

static void ignoring_forgets(void)
{
    change(SIG_BLOCK, SIGUSR1, SIGUSR1);
    raise(SIGUSR1);
    show_pending();
    signal(SIGUSR1, SIG_IGN);
    show_pending();
    handle(SIGUSR1);
    change(SIG_UNBLOCK, SIGUSR1, SIGUSR1);
    show_order("forgotten");
}

static void *inherits(void *unused)
{
    (void)unused;
    sigset_t now;
    pthread_sigmask(SIG_BLOCK, NULL, &now);
    printf("in the thread: %d %d\n", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2));
    change(SIG_UNBLOCK, SIGUSR1, SIGUSR1);
    show_pending();
    return NULL;
}

static void masks_are_inherited_and_pending_is_not(void)
{
    change(SIG_BLOCK, SIGUSR1, SIGUSR1);
    raise(SIGUSR1);
    in_thread(inherits, NULL);
    show_order("thread");
    show_pending();
    change(SIG_UNBLOCK, SIGUSR1, SIGUSR1);
    show_order("main");
}

int main(void)
{
    refused();
    standard_signals_do_not_queue();
    real_time_signals_queue();
    ignoring_forgets();
    masks_are_inherited_and_pending_is_not();
    return 0;
}
