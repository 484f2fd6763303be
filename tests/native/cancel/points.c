/* SPDX-License-Identifier: MIT */
/* clock: idle */
/* Threads cancelled in every wait that is a cancellation point, and in those that are none. */
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/select.h>
#include <unistd.h>

#include "../sync/result.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t sem;
static int ends[2];
static pthread_t idle;

static void unlock(void *m)
{
    pthread_mutex_unlock(m);
}

static void *waits_idly(void *unused)
{
    (void)unused;
    pause();
    return NULL;
}

static void *in_sleep(void *unused)
{
    sleep(1000);
    return unused;
}

static void *in_nanosleep(void *unused)
{
    nanosleep(&(struct timespec){1000, 0}, NULL);
    return unused;
}

static void *in_clock_nanosleep(void *unused)
{
    clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){1000, 0}, NULL);
    return unused;
}

static void *in_sem_wait(void *unused)
{
    sem_wait(&sem);
    return unused;
}

static void *in_cond_wait(void *unused)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex);
    for (;;)
        pthread_cond_wait(&cond, &mutex);
    pthread_cleanup_pop(1);
    return unused;
}

static void *in_cond_timedwait(void *unused)
{
    struct timespec deadline = from_now(CLOCK_REALTIME, 1000000);
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex);
    for (;;)
        pthread_cond_timedwait(&cond, &mutex, &deadline);
    pthread_cleanup_pop(1);
    return unused;
}

static void *in_join(void *unused)
{
    pthread_join(idle, NULL);
    return unused;
}

static void *in_sigwait(void *unused)
{
    sigset_t set;
    int got;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigwait(&set, &got);
    return unused;
}

static void *in_sigsuspend(void *unused)
{
    sigset_t none;
    sigemptyset(&none);
    sigsuspend(&none);
    return unused;
}

static void *in_read(void *unused)
{
    char byte;
    return read(ends[0], &byte, 1) == 1 ? NULL : unused;
}

static void *in_poll(void *unused)
{
    struct pollfd fd = {.fd = ends[0], .events = POLLIN};
    poll(&fd, 1, -1);
    return unused;
}

static void *in_select(void *unused)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    select(ends[0] + 1, &set, NULL, NULL, NULL);
    return unused;
}

static void *in_testcancel(void *unused)
{
    for (;;) {
        pthread_testcancel();
        sched_yield();
    }
    return unused;
}

static void cancels(const char *name, void *(*start)(void *))
{
    pthread_t thread;
    void *result = NULL;
    pthread_create(&thread, NULL, start, NULL);
    sched_yield();
    int error = pthread_cancel(thread);
    pthread_join(thread, &result);
    printf("%s: %s, cancelled %d\n", name, name_of(error), result == PTHREAD_CANCELED);
}

#define CANCELS(start) cancels(#start, start)

/* No cancellation points: the thread goes through, and is cancelled at the next one. */
static int went_through;

static void *in_locks(void *unused)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    pthread_rwlock_wrlock(&rwlock);
    pthread_rwlock_unlock(&rwlock);
    pthread_barrier_wait(&barrier);
    went_through = 1;
    for (;;)
        pause();
    return unused;
}

static void locks_are_no_points(void)
{
    pthread_t thread;
    void *result = NULL;
    pthread_mutex_lock(&mutex);
    pthread_rwlock_rdlock(&rwlock);
    pthread_create(&thread, NULL, in_locks, NULL);
    SHOW(pthread_cancel(thread));
    pthread_mutex_unlock(&mutex);
    pthread_rwlock_unlock(&rwlock);
    pthread_barrier_wait(&barrier);
    SHOW(pthread_join(thread, &result));
    SHOW_VALUE(result == PTHREAD_CANCELED);
    SHOW_VALUE(went_through);
}

int main(void)
{
    if (pipe(ends) != 0)
        return 1;
    sem_init(&sem, 0, 0);
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&idle, NULL, waits_idly, NULL);
    CANCELS(in_sleep);
    CANCELS(in_nanosleep);
    CANCELS(in_clock_nanosleep);
    CANCELS(in_sem_wait);
    CANCELS(in_cond_wait);
    CANCELS(in_cond_timedwait);
    CANCELS(in_join);
    CANCELS(in_sigwait);
    CANCELS(in_sigsuspend);
    CANCELS(in_read);
    CANCELS(in_poll);
    CANCELS(in_select);
    CANCELS(in_testcancel);
    SHOW(pthread_mutex_trylock(&mutex));
    SHOW(pthread_mutex_unlock(&mutex));
    locks_are_no_points();
    SHOW(pthread_cancel(idle));
    void *result = NULL;
    SHOW(pthread_join(idle, &result));
    SHOW_VALUE(result == PTHREAD_CANCELED);
    return 0;
}
