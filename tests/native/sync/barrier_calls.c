/* SPDX-License-Identifier: MIT */
/* A barrier makes one serial thread a round, is used again at once, and refuses a count of 0. */
#include <stdatomic.h>

#include "result.h"

#define THREADS 3
#define ROUNDS 4

static pthread_barrier_t barrier;
static atomic_int serial[ROUNDS];
static atomic_int arrived[ROUNDS];

static void *march(void *unused)
{
    (void)unused;
    for (int r = 0; r < ROUNDS; r++) {
        atomic_fetch_add(&arrived[r], 1);
        int result = pthread_barrier_wait(&barrier);
        if (result == PTHREAD_BARRIER_SERIAL_THREAD)
            atomic_fetch_add(&serial[r], 1);
        else if (result != 0)
            printf("wait: %s\n", name_of(result));
        if (atomic_load(&arrived[r]) != THREADS)
            puts("left before all had arrived");
    }
    return NULL;
}

int main(void)
{
    pthread_barrierattr_t attr;
    SHOW(pthread_barrier_init(&barrier, NULL, 0));
    SHOW(pthread_barrierattr_init(&attr));
    SHOW(pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED));
    SHOW(pthread_barrier_init(&barrier, &attr, 1));
    SHOW(pthread_barrier_wait(&barrier));
    SHOW(pthread_barrier_wait(&barrier));
    SHOW(pthread_barrier_destroy(&barrier));
    SHOW(pthread_barrierattr_destroy(&attr));
    SHOW(pthread_barrier_init(&barrier, NULL, THREADS));
    pthread_t thread[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, march, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    for (int r = 0; r < ROUNDS; r++)
        printf("round %d: %d arrived, %d serial\n", r, atomic_load(&arrived[r]),
               atomic_load(&serial[r]));
    SHOW(pthread_barrier_destroy(&barrier));
    return 0;
}
