/* SPDX-License-Identifier: MIT */
/* Every kind of mutex, taken again by its holder, by another, and let go by a stranger. */
/* options: -d */
#include <stdlib.h>

#include "result.h"

static pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static pthread_mutex_t adaptive = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t zeroed;

static void *stranger(void *m)
{
    pthread_mutex_t *mutex = m;
    struct timespec t = from_now(CLOCK_MONOTONIC, 5);
    SHOW(pthread_mutex_trylock(mutex));
    SHOW(pthread_mutex_clocklock(mutex, CLOCK_MONOTONIC, &t));
    t = from_now(CLOCK_REALTIME, 5);
    SHOW(pthread_mutex_timedlock(mutex, &t));
    t.tv_nsec = 2000000000;
    SHOW(pthread_mutex_timedlock(mutex, &t));
    return NULL;
}

static void *stranger_unlocks(void *m)
{
    pthread_mutex_t *mutex = m;
    SHOW(pthread_mutex_unlock(mutex));
    return NULL;
}

static void once_and_away(const char *kind, pthread_mutex_t *mutex)
{
    printf("-- %s\n", kind);
    SHOW(pthread_mutex_lock(mutex));
    in_thread(stranger, mutex);
    SHOW(pthread_mutex_trylock(mutex));
    SHOW(pthread_mutex_unlock(mutex));
}

static void *die_holding(void *mutex)
{
    pthread_mutex_lock(mutex);
    return NULL;
}

static void robust(int repair)
{
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    SHOW(pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST));
    pthread_mutex_t mutex;
    SHOW(pthread_mutex_init(&mutex, &attr));
    in_thread(die_holding, &mutex);
    SHOW(pthread_mutex_lock(&mutex));
    if (repair)
        SHOW(pthread_mutex_consistent(&mutex));
    SHOW(pthread_mutex_unlock(&mutex));
    SHOW(pthread_mutex_lock(&mutex));
    if (repair)
        SHOW(pthread_mutex_unlock(&mutex));
    SHOW(pthread_mutex_consistent(&mutex));
    SHOW(pthread_mutex_destroy(&mutex));
    pthread_mutexattr_destroy(&attr);
}

static void in_the_heap(void)
{
    for (int i = 0; i < 2; i++) {
        pthread_mutex_t *m = calloc(1, sizeof *m);
        SHOW(pthread_mutex_lock(m));
        SHOW(pthread_mutex_trylock(m));
        free(m);
    }
}

int main(void)
{
    once_and_away("plain", &plain);
    once_and_away("adaptive", &adaptive);
    once_and_away("zeroed", &zeroed);
    once_and_away("recursive", &recursive);
    SHOW(pthread_mutex_lock(&recursive));
    in_thread(stranger_unlocks, &recursive);
    SHOW(pthread_mutex_unlock(&recursive));
    SHOW(pthread_mutex_unlock(&recursive));
    once_and_away("checked", &checked);
    SHOW(pthread_mutex_lock(&checked));
    SHOW(pthread_mutex_lock(&checked));
    in_thread(stranger_unlocks, &checked);
    SHOW(pthread_mutex_destroy(&checked));
    SHOW(pthread_mutex_unlock(&checked));
    SHOW(pthread_mutex_unlock(&checked));
    robust(1);
    robust(0);
    in_the_heap();
    SHOW(pthread_mutex_destroy(&plain));
    return 0;
}
