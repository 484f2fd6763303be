/* SPDX-License-Identifier: MIT */
/* Threads with the smallest stacks there are, the program's own ones too, at every kind of lock. */
#include <limits.h>
#include <semaphore.h>
#include <stdlib.h>

#include "result.h"

#define THREADS 4

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t sem;
static int arrived;

static void *visit_all(void *unused)
{
    (void)unused;
    pthread_barrier_wait(&barrier);
    pthread_mutex_lock(&mutex);
    arrived++;
    pthread_cond_broadcast(&cond);
    while (arrived < THREADS)
        pthread_cond_wait(&cond, &mutex);
    pthread_mutex_unlock(&mutex);
    pthread_rwlock_wrlock(&rwlock);
    pthread_rwlock_unlock(&rwlock);
    sem_wait(&sem);
    sem_post(&sem);
    return NULL;
}

int main(void)
{
    size_t least = (size_t)PTHREAD_STACK_MIN;
    pthread_t thread[THREADS];
    char *stack[THREADS];
    pthread_barrier_init(&barrier, NULL, THREADS);
    sem_init(&sem, 0, 1);
    for (int i = 0; i < THREADS; i++) {
        pthread_attr_t attr;
        pthread_attr_init(&attr);
        stack[i] = aligned_alloc(4096, least);
        if (i % 2 == 0)
            pthread_attr_setstack(&attr, stack[i], least);
        else
            pthread_attr_setstacksize(&attr, least);
        SHOW(pthread_create(&thread[i], &attr, visit_all, NULL));
        pthread_attr_destroy(&attr);
    }
    for (int i = 0; i < THREADS; i++) {
        SHOW(pthread_join(thread[i], NULL));
        free(stack[i]);
    }
    SHOW_VALUE(arrived);
    return 0;
}
