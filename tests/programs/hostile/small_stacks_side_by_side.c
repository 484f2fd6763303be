/* SPDX-License-Identifier: MIT */
/* Threads end while their neighbours, with small stacks, hold locks that lie on them. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): 20 distinct behaviours */
#include <pthread.h>
#include <sched.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int turns;

static void *work(void *times)
{
    pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
    for (int i = 0; i < *(const int *)times; i++) {
        pthread_mutex_lock(&own);
        pthread_mutex_lock(&lock);
        turns++;
        pthread_mutex_unlock(&lock);
        sched_yield();
        pthread_mutex_unlock(&own);
    }
    return NULL;
}

int main(void)
{
    static int times[8] = {1, 4, 1, 3, 0, 5, 2, 1};
    pthread_t thread[8];
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 16384);
    pthread_attr_setguardsize(&small, 0);
    for (int i = 0; i < 8; i++) {
        if (pthread_create(&thread[i], &small, work, &times[i]) != 0)
            return 2;
    }
    for (int i = 0; i < 8; i++)
        pthread_join(thread[i], NULL);
    return turns == 17 ? 0 : 1;
}
