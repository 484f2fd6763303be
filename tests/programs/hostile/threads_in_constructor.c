/* SPDX-License-Identifier: MIT */
/* A thread that a constructor made works together with main. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviours */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t thread;
static int turns;

static void *work(void *unused)
{
    for (int i = 0; i < 5; i++) {
        pthread_mutex_lock(&lock);
        turns++;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

__attribute__((constructor)) static void before_main(void)
{
    if (pthread_create(&thread, NULL, work, NULL) != 0)
        turns = -100;
}

int main(void)
{
    work(NULL);
    pthread_join(thread, NULL);
    return turns == 10 ? 0 : 1;
}
