/* SPDX-License-Identifier: MIT */
/* A recursive mutex whose holder waits on a condition when it holds it once. */
/* fault 1: the mutex is a plain one */
/* finds 1: deadlock (self) */
/* fault 2: waits while it holds it twice: glibc lets it go once */
/* finds 2: deadlock (self) | deadlock (cycle) | deadlock (stuck) | lost-wakeup */
/* fault 3: let go once too little */
/* finds 3: deadlock (owner-ended) */
#include "threads.h"

static pthread_mutex_t mutex;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int ready;

static void nested(void)
{
    lock(&mutex);
    ready++;
    unlock(&mutex);
}

static void *waiter(void *argument)
{
    lock(&mutex);
    if (fault == 2)
        lock(&mutex);
    while (!ready)
        must(pthread_cond_wait(&cond, &mutex));
    if (fault == 2)
        unlock(&mutex);
    unlock(&mutex);
    return argument;
}

static void *sender(void *argument)
{
    lock(&mutex);
    nested();
    must(pthread_cond_broadcast(&cond));
    if (fault == 3)
        lock(&mutex);
    unlock(&mutex);
    return argument;
}

static void *body(void *argument)
{
    return argument ? waiter(argument) : sender(argument);
}

int main(void)
{
    pthread_mutexattr_t type;
    must(pthread_mutexattr_init(&type) ||
         pthread_mutexattr_settype(&type,
                                   fault == 1 ? PTHREAD_MUTEX_NORMAL : PTHREAD_MUTEX_RECURSIVE) ||
         pthread_mutex_init(&mutex, &type));
    run_threads(3, body);
}
