/* SPDX-License-Identifier: MIT */
/* Every way to send a signal: what the call returns, what the handler is told. */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../sync/result.h"

static const char *code_name(int code)
{
    if (code == SI_USER)
        return "SI_USER";
    if (code == SI_TKILL)
        return "SI_TKILL";
    return code == SI_QUEUE ? "SI_QUEUE" : "?";
}

static void tell(int signal, siginfo_t *info, void *context)
{
    printf("  signal %d same %d %s pid %d uid %d value %d context %d\n", signal,
           info->si_signo == signal, code_name(info->si_code), info->si_pid == getpid(),
           info->si_uid == getuid(), info->si_code == SI_QUEUE ? info->si_value.sival_int : 0,
           context != NULL);
}

static void refused(void)
{
    SHOW_ERRNO(kill(getpid(), 0));
    SHOW_ERRNO(kill(getpid(), 65));
    SHOW_ERRNO(kill(getpid(), -1));
    SHOW_ERRNO(kill(99999999, 0));
    SHOW_ERRNO(raise(0));
    SHOW_ERRNO(raise(65));
    SHOW_ERRNO(raise(-1));
    SHOW_ERRNO(sigqueue(getpid(), 0, (union sigval){0}));
    SHOW_ERRNO(sigqueue(getpid(), 65, (union sigval){0}));
    SHOW(pthread_kill(pthread_self(), 0));
    SHOW(pthread_kill(pthread_self(), 65));
    SHOW(pthread_kill(pthread_self(), 32));
    SHOW(pthread_sigqueue(pthread_self(), 65, (union sigval){0}));
    SHOW_ERRNO(tgkill(getpid(), -1, SIGUSR1));
    SHOW_ERRNO(tgkill(getpid(), gettid(), 65));
    SHOW_ERRNO(tgkill(getpid(), 99999999, SIGUSR1));
}

static void to_itself(void)
{
    SHOW_ERRNO(raise(SIGUSR1));
    SHOW_ERRNO(kill(getpid(), SIGUSR1));
    SHOW_ERRNO(kill(0, 0));
    SHOW_ERRNO(sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 7}));
    SHOW(pthread_kill(pthread_self(), SIGUSR1));
    SHOW(pthread_sigqueue(pthread_self(), SIGUSR1, (union sigval){.sival_int = 8}));
    SHOW_ERRNO(tgkill(getpid(), gettid(), SIGUSR1));
    SHOW_VALUE(syscall(SYS_tgkill, getpid(), gettid(), SIGUSR1));
    SHOW_VALUE(syscall(SYS_kill, getpid(), SIGUSR1));
}

static void *nothing(void *unused)
{
    return unused;
}

static void to_the_ended(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, nothing, NULL);
    while (pthread_tryjoin_np(thread, NULL) == EBUSY)
        pthread_kill(thread, 0);
    puts("joined");
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = tell, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, NULL);
    refused();
    to_itself();
    to_the_ended();
    return 0;
}
