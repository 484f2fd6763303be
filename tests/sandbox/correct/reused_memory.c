/* SPDX-License-Identifier: MIT */
/* The bytes of a lock become a semaphore, then a condition with its mutex, then plain data; locks
 * that were made by zeroes are never destroyed. */
#include <semaphore.h>
#include <string.h>

#include "threads.h"

static void as_mutex(void *bytes)
{
    pthread_mutex_t *mutex = memset(bytes, 0, 64);
    lock(mutex);
    unlock(mutex);
}

static void as_semaphore(void *bytes)
{
    sem_t *sem = bytes;
    must(sem_init(sem, 0, 1) || sem_wait(sem) || sem_post(sem) || sem_destroy(sem));
}

static void as_condition(void *bytes)
{
    pthread_cond_t *cond = bytes;
    must(pthread_cond_init(cond, NULL) || pthread_cond_broadcast(cond) ||
         pthread_cond_destroy(cond));
}

static void as_rwlock(void *bytes)
{
    pthread_rwlock_t *rwlock = bytes;
    must(pthread_rwlock_init(rwlock, NULL) || pthread_rwlock_rdlock(rwlock) ||
         pthread_rwlock_unlock(rwlock) || pthread_rwlock_destroy(rwlock));
}

static void *body(void *argument)
{
    static void (*const uses[])(void *) = {as_mutex, as_semaphore, as_condition, as_rwlock};
    for (long i = 0; i < 12; i++) {
        void *bytes = malloc(64);
        must(!bytes);
        uses[(i + (long)argument) % 4](bytes);
        memset(bytes, 0x5a, 64);
        free(bytes);
    }
    return NULL;
}

int main(void)
{
    run_threads(3, body);
}
