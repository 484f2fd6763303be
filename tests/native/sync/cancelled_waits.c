/* SPDX-License-Identifier: MIT */
/* A wait that is cancelled: the mutex of a condition is held in the clean-up, a semaphore's
 * unit is not taken. */
#include <semaphore.h>

#include "result.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t sem;

static int unlocked = -1; /* what the clean-up got; printed after the join */

static void cleaned(void *m)
{
    unlocked = pthread_mutex_unlock(m);
}

static void *wait_cond(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(cleaned, &mutex);
    for (;;)
        pthread_cond_wait(&cond, &mutex);
    pthread_cleanup_pop(1);
    return NULL;
}

static void *wait_cond_long(void *unused)
{
    (void)unused;
    struct timespec t = from_now(CLOCK_REALTIME, 100000000);
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(cleaned, &mutex);
    for (;;)
        pthread_cond_timedwait(&cond, &mutex, &t);
    pthread_cleanup_pop(1);
    return NULL;
}

static void *wait_sem(void *unused)
{
    (void)unused;
    sem_wait(&sem);
    return NULL;
}

static void cancel(void *(*function)(void *))
{
    pthread_t thread;
    void *result = NULL;
    pthread_create(&thread, NULL, function, NULL);
    SHOW(pthread_cancel(thread));
    SHOW(pthread_join(thread, &result));
    SHOW_VALUE(result == PTHREAD_CANCELED);
    printf("unlock in clean-up: %s\n", name_of(unlocked));
    unlocked = 0;
}

int main(void)
{
    int value = -1;
    cancel(wait_cond);
    cancel(wait_cond_long);
    sem_init(&sem, 0, 0);
    cancel(wait_sem);
    sem_post(&sem);
    SHOW_ERRNO(sem_getvalue(&sem, &value));
    SHOW_VALUE(value);
    SHOW(pthread_mutex_lock(&mutex));
    SHOW(pthread_cond_signal(&cond));
    SHOW(pthread_mutex_unlock(&mutex));
    return 0;
}
