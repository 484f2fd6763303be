/* SPDX-License-Identifier: MIT */
/* A library whose constructor starts a thread, works beside it and joins it. */
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
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
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, NULL) != 0)
        abort();
    work(NULL);
    if (pthread_join(thread, NULL) != 0 || turns != 2)
        abort();
}
