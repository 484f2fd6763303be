/* SPDX-License-Identifier: MIT */
/* Threads that end with a robust lock held; the next one repairs what they left. */
/* fault 1: the lock is not robust */
/* finds 1: deadlock (owner-ended) | dead-owner */
/* fault 2: the state is not marked consistent */
/* finds 2: exit-status */
#include <errno.h>

#include "threads.h"

static pthread_mutex_t mutex;
static int half;

static void take(void)
{
    int error = pthread_mutex_lock(&mutex);
    must(error && error != EOWNERDEAD);
    if (!error)
        return;
    half = 0;
    if (fault != 2)
        must(pthread_mutex_consistent(&mutex));
}

static void *body(void *argument)
{
    take();
    holds(half == 0);
    if ((long)argument % 2) {
        half = 1;
        return NULL;
    }
    unlock(&mutex);
    return NULL;
}

int main(void)
{
    pthread_mutexattr_t robust;
    must(pthread_mutexattr_init(&robust) ||
         pthread_mutexattr_setrobust(&robust,
                                     fault == 1 ? PTHREAD_MUTEX_STALLED : PTHREAD_MUTEX_ROBUST) ||
         pthread_mutex_init(&mutex, &robust));
    run_threads(4, body);
    take();
    unlock(&mutex);
}
