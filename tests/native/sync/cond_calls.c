/* SPDX-License-Identifier: MIT */
/* Every call on conditions and its result. */
#include "result.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_cond_t zeroed;
static int turn;

static void *trylock(void *mutex_of_main)
{
    pthread_mutex_t *m = mutex_of_main;
    int error = pthread_mutex_trylock(m);
    printf("trylock by another: %s\n", name_of(error));
    if (error == 0)
        pthread_mutex_unlock(m);
    return NULL;
}

static void *answer(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&mutex);
    turn = 1;
    SHOW(pthread_cond_signal(&cond));
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void attributes(void)
{
    pthread_condattr_t attr;
    clockid_t clock = 99;
    SHOW(pthread_condattr_init(&attr));
    SHOW(pthread_condattr_setclock(&attr, CLOCK_PROCESS_CPUTIME_ID));
    SHOW(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC));
    SHOW(pthread_condattr_getclock(&attr, &clock));
    SHOW_VALUE(clock == CLOCK_MONOTONIC);
    pthread_cond_t c;
    SHOW(pthread_cond_init(&c, &attr));
    pthread_mutex_lock(&mutex);
    struct timespec t = from_now(CLOCK_MONOTONIC, 10);
    SHOW(pthread_cond_timedwait(&c, &mutex, &t));
    t = from_now(CLOCK_REALTIME, 10);
    SHOW(pthread_cond_clockwait(&c, &mutex, CLOCK_REALTIME, &t));
    SHOW(pthread_cond_clockwait(&c, &mutex, CLOCK_PROCESS_CPUTIME_ID, &t));
    pthread_mutex_unlock(&mutex);
    SHOW(pthread_cond_destroy(&c));
    SHOW(pthread_condattr_destroy(&attr));
}

static void timeouts(void)
{
    struct timespec t = from_now(CLOCK_REALTIME, 10);
    pthread_mutex_lock(&mutex);
    SHOW(pthread_cond_timedwait(&cond, &mutex, &t));
    SHOW(pthread_cond_timedwait(&zeroed, &mutex, &t));
    t.tv_nsec = 1000000000;
    SHOW(pthread_cond_timedwait(&cond, &mutex, &t));
    t.tv_nsec = -1;
    SHOW(pthread_cond_timedwait(&cond, &mutex, &t));
    t = (struct timespec){-5, 0};
    SHOW(pthread_cond_timedwait(&cond, &mutex, &t));
    in_thread(trylock, &mutex);
    SHOW(pthread_mutex_unlock(&mutex));
}

static void not_held(void)
{
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_t checked;
    pthread_mutex_init(&checked, &attr);
    struct timespec t = from_now(CLOCK_REALTIME, 10);
    SHOW(pthread_cond_wait(&cond, &checked));
    SHOW(pthread_cond_timedwait(&cond, &checked, &t));
    SHOW(pthread_cond_signal(&cond));
    pthread_mutex_destroy(&checked);
    pthread_mutexattr_destroy(&attr);
}

static void *wait_by_clock(void *m)
{
    struct timespec t = from_now(CLOCK_REALTIME, 30);
    pthread_mutex_t *recursive = m;
    pthread_mutex_lock(recursive);
    pthread_mutex_lock(recursive);
    SHOW(pthread_cond_timedwait(&cond, recursive, &t));
    in_thread(trylock, recursive);
    SHOW(pthread_mutex_unlock(recursive));
    in_thread(trylock, recursive);
    SHOW(pthread_mutex_unlock(recursive));
    SHOW(pthread_mutex_unlock(recursive));
    return NULL;
}

static void recursive_mutex(void)
{
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_t m;
    pthread_mutex_init(&m, &attr);
    in_thread(wait_by_clock, &m);
    in_thread(trylock, &m);
    pthread_mutex_destroy(&m);
    pthread_mutexattr_destroy(&attr);
}

int main(void)
{
    SHOW(pthread_cond_signal(&cond));
    SHOW(pthread_cond_broadcast(&cond));
    pthread_t thread;
    pthread_mutex_lock(&mutex);
    pthread_create(&thread, NULL, answer, NULL);
    while (turn == 0)
        SHOW(pthread_cond_wait(&cond, &mutex));
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    attributes();
    timeouts();
    not_held();
    recursive_mutex();
    SHOW(pthread_cond_destroy(&cond));
    SHOW(pthread_cond_destroy(&zeroed));
    return 0;
}
