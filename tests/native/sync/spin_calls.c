/* SPDX-License-Identifier: MIT */
/* Spin locks: every call, memory that is used again, and contention. */
#include <stdlib.h>

#include "result.h"

static pthread_spinlock_t lock;
static int sum;

static void *add(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        pthread_spin_lock(&lock);
        int was = sum;
        sched_yield();
        sum = was + 1;
        pthread_spin_unlock(&lock);
    }
    return NULL;
}

static void *try_it(void *unused)
{
    (void)unused;
    SHOW(pthread_spin_trylock(&lock));
    return NULL;
}

static void reused(void)
{
    for (int i = 0; i < 2; i++) {
        int *memory = malloc(64);
        pthread_spinlock_t *spin = (pthread_spinlock_t *)memory;
        SHOW(pthread_spin_init(spin, PTHREAD_PROCESS_SHARED));
        SHOW(pthread_spin_lock(spin));
        SHOW(pthread_spin_trylock(spin));
        free(memory);
    }
}

int main(void)
{
    pthread_t thread[3];
    SHOW(pthread_spin_trylock(&lock));
    SHOW(pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE));
    SHOW(pthread_spin_lock(&lock));
    SHOW(pthread_spin_trylock(&lock));
    in_thread(try_it, NULL);
    SHOW(pthread_spin_unlock(&lock));
    for (int i = 0; i < 3; i++)
        pthread_create(&thread[i], NULL, add, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(thread[i], NULL);
    SHOW_VALUE(sum);
    SHOW(pthread_spin_destroy(&lock));
    reused();
    return 0;
}
