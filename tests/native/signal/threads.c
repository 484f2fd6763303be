/* SPDX-License-Identifier: MIT */
/* Which thread takes a signal; a thread whose work is to wait for them. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "../sync/result.h"

enum { WORKERS = 3 };

static pthread_t worker[WORKERS];
static pthread_barrier_t barrier;
static int calls[WORKERS + 1];
static int stopped;
static int taken[8];
static int taken_count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static __thread int number;

static void count(int signal)
{
    (void)signal;
    calls[number]++;
}

static void *works(void *argument)
{
    number = (int)(long)argument;
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return NULL;
}

static void start(void)
{
    for (long i = 0; i < WORKERS; i++)
        pthread_create(&worker[i], NULL, works, (void *)(i + 1));
    pthread_barrier_wait(&barrier);
}

static void stop(const char *what)
{
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < WORKERS; i++)
        pthread_join(worker[i], NULL);
    printf("%s: %d %d %d %d\n", what, calls[0], calls[1], calls[2], calls[3]);
    memset(calls, 0, sizeof calls);
}

static void to_each(void)
{
    start();
    for (int i = 0; i < WORKERS; i++)
        SHOW(pthread_kill(worker[i], SIGUSR1));
    SHOW(pthread_kill(worker[2], SIGUSR2));
    stop("to each");
}

static void to_the_only_open_one(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    start();
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    kill(getpid(), SIGUSR1);
    stop("only main is open");
}

static void *sends(void *unused)
{
    kill(getpid(), SIGUSR1);
    return unused;
}

static void to_any(void)
{
    start();
    in_thread(sends, NULL);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < WORKERS; i++)
        pthread_join(worker[i], NULL);
    printf("to any: %d\n", calls[0] + calls[1] + calls[2] + calls[3]);
}

static void *waits_for_signals(void *argument)
{
    const sigset_t *set = argument;
    int got = 0;
    while (got != SIGTERM) {
        sigwait(set, &got);
        pthread_mutex_lock(&mutex);
        stopped += got == SIGTERM;
        taken[taken_count++] = got;
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static void by_a_thread_of_their_own(void)
{
    sigset_t set;
    pthread_t thread;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    pthread_create(&thread, NULL, waits_for_signals, &set);
    SHOW(pthread_kill(thread, SIGINT));
    SHOW_ERRNO(kill(getpid(), SIGTERM));
    pthread_join(thread, NULL);
    for (int i = 0; i < taken_count; i++)
        printf("got %s\n", sigabbrev_np(taken[i]));
    SHOW_VALUE(stopped);
}

int main(void)
{
    struct sigaction action = {.sa_handler = count, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    pthread_barrier_init(&barrier, NULL, WORKERS + 1);
    to_each();
    to_the_only_open_one();
    to_any();
    by_a_thread_of_their_own();
    return 0;
}
