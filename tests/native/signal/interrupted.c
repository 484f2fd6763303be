/* SPDX-License-Identifier: MIT */
/* clock: idle */
/* Which waits a handler ends, with and without SA_RESTART. The signal is sent until the wait is
 * over, or (where it must not end) a fixed number of times and then the wait is fulfilled. */
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

#include "../sync/result.h"

static volatile sig_atomic_t calls;
static volatile sig_atomic_t over;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t sem;
static sem_t begun;
static int ends[2];
static int ready;

static void count(int signal)
{
    (void)signal;
    calls++;
}

static void *naps(void *unused)
{
    struct timespec span = {1000, 0};
    struct timespec left = {0, 0};
    SHOW_ERRNO(nanosleep(&span, &left));
    SHOW_VALUE(left.tv_sec > 0 && left.tv_sec <= 1000);
    over = 1;
    return unused;
}

static void *naps_by_clock(void *unused)
{
    struct timespec span = {1000, 0};
    struct timespec left = {0, 0};
    SHOW(clock_nanosleep(CLOCK_MONOTONIC, 0, &span, &left));
    SHOW_VALUE(left.tv_sec > 0 && left.tv_sec <= 1000);
    over = 1;
    return unused;
}

static void *sleeps(void *unused)
{
    SHOW_VALUE(sleep(1000) > 0);
    over = 1;
    return unused;
}

static void *waits_for_sem(void *unused)
{
    SHOW_ERRNO(sem_wait(&sem));
    over = 1;
    return unused;
}

static void *waits_for_signal(void *unused)
{
    sigset_t set;
    siginfo_t info;
    struct timespec timeout = {1000, 0};
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    SHOW_ERRNO(sigtimedwait(&set, &info, &timeout));
    over = 1;
    return unused;
}

static void *polls(void *unused)
{
    SHOW_ERRNO(poll(NULL, 0, 1000000));
    over = 1;
    return unused;
}

static void *reads(void *unused)
{
    char byte;
    long n = read(ends[0], &byte, 1);
    printf("read: %ld %s\n", n, n < 0 ? strerrorname_np(errno) : "0");
    over = 1;
    return unused;
}

static void *waits_for_mutex(void *unused)
{
    SHOW(pthread_mutex_lock(&mutex));
    SHOW(pthread_mutex_unlock(&mutex));
    return unused;
}

static void *waits_for_cond(void *unused)
{
    pthread_mutex_lock(&mutex);
    sem_post(&begun);
    int result = 0;
    while (!ready && result == 0)
        result = pthread_cond_wait(&cond, &mutex);
    printf("cond: %s\n", name_of(result));
    pthread_mutex_unlock(&mutex);
    return unused;
}

static void *waits_at_barrier(void *unused)
{
    int result = pthread_barrier_wait(&barrier);
    printf("barrier: %d\n", result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
    return unused;
}

static void until_over(void *(*start)(void *))
{
    pthread_t thread;
    over = 0;
    pthread_create(&thread, NULL, start, NULL);
    while (!over) {
        pthread_kill(thread, SIGUSR1);
        sched_yield();
    }
    pthread_join(thread, NULL);
}

static pthread_t pelted(void *(*start)(void *))
{
    pthread_t thread;
    pthread_create(&thread, NULL, start, NULL);
    for (int i = 0; i < 5; i++) {
        pthread_kill(thread, SIGUSR1);
        sched_yield();
    }
    return thread;
}

static void handle(int flags)
{
    struct sigaction action = {.sa_handler = count, .sa_flags = flags};
    sigaction(SIGUSR1, &action, NULL);
}

static void always_interrupted(void)
{
    until_over(naps);
    until_over(naps_by_clock);
    until_over(sleeps);
    until_over(waits_for_signal);
    until_over(polls);
}

static void never_interrupted(void)
{
    pthread_mutex_lock(&mutex);
    pthread_t thread = pelted(waits_for_mutex);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    thread = pelted(waits_for_cond);
    sem_wait(&begun);
    pthread_mutex_lock(&mutex);
    ready = 1;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    thread = pelted(waits_at_barrier);
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
}

int main(void)
{
    sem_init(&sem, 0, 0);
    sem_init(&begun, 0, 0);
    pthread_barrier_init(&barrier, NULL, 2);
    if (pipe(ends) != 0)
        return 1;
    handle(0);
    always_interrupted();
    until_over(waits_for_sem);
    until_over(reads);
    handle(SA_RESTART);
    always_interrupted();
    pthread_t thread = pelted(waits_for_sem);
    sem_post(&sem);
    pthread_join(thread, NULL);
    thread = pelted(reads);
    long written = write(ends[1], "x", 1);
    pthread_join(thread, NULL);
    SHOW_VALUE(written);
    never_interrupted();
    return 0;
}
