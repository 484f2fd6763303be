/* SPDX-License-Identifier: MIT */
/* A library whose constructor starts a thread. */
#include <pthread.h>

int threaded_finish(void);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t thread;
static int turns;

static void *work(void *unused)
{
    pthread_mutex_lock(&lock);
    turns++;
    pthread_mutex_unlock(&lock);
    return unused;
}

__attribute__((constructor)) static void loaded(void)
{
    if (pthread_create(&thread, NULL, work, NULL) != 0)
        turns = -100;
}

__attribute__((visibility("default"))) int threaded_finish(void)
{
    work(NULL);
    pthread_join(thread, NULL);
    return turns;
}
