/* SPDX-License-Identifier: MIT */
/* Destructors of thread-specific data run at the end of each thread, under a lock, and before
 * anybody's join returns. */
/* fault 1: counted before the threads were joined */
/* finds 1: exit-status */
/* fault 2: a destructor takes the lock that its thread kept */
/* finds 2: deadlock (self) */
#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t key;
static int ended;

static void destroy(void *value)
{
    free(value);
    lock(&mutex);
    ended++;
    unlock(&mutex);
}

static void *body(void *argument)
{
    must(pthread_setspecific(key, malloc(8)));
    if (fault == 2)
        lock(&mutex);
    return argument;
}

static void count(void)
{
    lock(&mutex);
    holds(ended == 3);
    unlock(&mutex);
}

int main(void)
{
    pthread_t id[3];
    must(pthread_key_create(&key, destroy));
    for (int i = 0; i < 3; i++)
        id[i] = thread(body, NULL);
    if (fault == 1)
        count();
    for (int i = 0; i < 3; i++)
        join(id[i]);
    count();
}
