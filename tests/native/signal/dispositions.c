/* SPDX-License-Identifier: MIT */
/* What sigaction and its relatives set, refuse and tell. */
#include <signal.h>

#include "../sync/result.h"

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static volatile sig_atomic_t calls;

static void count(int signal)
{
    (void)signal;
    calls++;
}

static const char *handler_name(sighandler_t handler)
{
    if (handler == SIG_ERR)
        return "SIG_ERR";
    if (handler == SIG_DFL)
        return "SIG_DFL";
    if (handler == SIG_IGN)
        return "SIG_IGN";
    if (handler == SIG_HOLD)
        return "SIG_HOLD";
    return handler == count ? "count" : "?";
}

#define SHOW_HANDLER(call) printf("%s: %s\n", #call, handler_name(call))

static void refused(void)
{
    struct sigaction action = {.sa_handler = count};
    struct sigaction old;
    SHOW_ERRNO(sigaction(0, &action, NULL));
    SHOW_ERRNO(sigaction(65, &action, NULL));
    SHOW_ERRNO(sigaction(-1, NULL, &old));
    SHOW_ERRNO(sigaction(32, &action, NULL));
    SHOW_ERRNO(sigaction(SIGKILL, &action, NULL));
    SHOW_ERRNO(sigaction(SIGSTOP, &action, NULL));
    SHOW_ERRNO(sigaction(SIGKILL, NULL, &old));
    SHOW_HANDLER(signal(SIGKILL, SIG_IGN));
    SHOW_HANDLER(signal(0, count));
    SHOW_HANDLER(sigset(SIGSTOP, count));
    SHOW_ERRNO(sighold(0));
    SHOW_ERRNO(sigignore(SIGKILL));
    SHOW_ERRNO(siginterrupt(0, 1));
}

static void show_flags(int signal)
{
    struct sigaction action;
    sigaction(signal, NULL, &action);
    printf("%d: %s restart %d reset %d nodefer %d siginfo %d own %d other %d\n", signal,
           handler_name(action.sa_handler), (action.sa_flags & SA_RESTART) != 0,
           (action.sa_flags & (int)SA_RESETHAND) != 0, (action.sa_flags & SA_NODEFER) != 0,
           (action.sa_flags & SA_SIGINFO) != 0, sigismember(&action.sa_mask, signal),
           sigismember(&action.sa_mask, SIGTERM));
}

static void flags(void)
{
    struct sigaction action = {.sa_handler = count, .sa_flags = SA_NODEFER};
    sigaddset(&action.sa_mask, SIGTERM);
    SHOW_HANDLER(signal(SIGUSR1, count));
    show_flags(SIGUSR1);
    SHOW_HANDLER(sysv_signal(SIGUSR1, count));
    show_flags(SIGUSR1);
    SHOW_ERRNO(sigaction(SIGUSR1, &action, NULL));
    show_flags(SIGUSR1);
    SHOW_ERRNO(siginterrupt(SIGUSR1, 0));
    show_flags(SIGUSR1);
    SHOW_ERRNO(siginterrupt(SIGUSR1, 1));
    SHOW_HANDLER(signal(SIGUSR1, count));
    show_flags(SIGUSR1);
}

static void once_only(void)
{
    struct sigaction action = {.sa_handler = count, .sa_flags = (int)SA_RESETHAND};
    calls = 0;
    SHOW_ERRNO(sigaction(SIGURG, &action, NULL));
    SHOW_ERRNO(raise(SIGURG));
    SHOW_ERRNO(raise(SIGURG));
    SHOW_VALUE(calls);
    show_flags(SIGURG);
}

static void system_v(void)
{
    calls = 0;
    SHOW_HANDLER(sigset(SIGUSR2, count));
    SHOW_HANDLER(sigset(SIGUSR2, SIG_HOLD));
    SHOW_ERRNO(raise(SIGUSR2));
    SHOW_VALUE(calls);
    SHOW_HANDLER(sigset(SIGUSR2, count));
    SHOW_VALUE(calls);
    SHOW_ERRNO(sighold(SIGUSR2));
    SHOW_ERRNO(raise(SIGUSR2));
    SHOW_VALUE(calls);
    SHOW_ERRNO(sigrelse(SIGUSR2));
    SHOW_VALUE(calls);
    SHOW_ERRNO(sigignore(SIGUSR2));
    SHOW_ERRNO(raise(SIGUSR2));
    SHOW_VALUE(calls);
    SHOW_HANDLER(signal(SIGUSR2, SIG_DFL));
}

static void ignored_by_default(void)
{
    SHOW_ERRNO(raise(SIGCHLD));
    SHOW_ERRNO(raise(SIGURG));
    SHOW_ERRNO(raise(SIGWINCH));
    SHOW_ERRNO(raise(SIGCONT));
}

int main(void)
{
    refused();
    flags();
    once_only();
    system_v();
    ignored_by_default();
    return 0;
}
