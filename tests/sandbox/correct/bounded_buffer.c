/* SPDX-License-Identifier: MIT */
/* A buffer of one place, two producers, two consumers, two conditions. */
/* fault 1: nobody is told that something came */
/* finds 1: lost-wakeup | deadlock (stuck) */
/* fault 2: a consumer looks only once after waking */
/* finds 2: exit-status */
/* fault 3: both sides wait on one condition, and signal wakes the wrong one */
/* finds 3: lost-wakeup | deadlock (stuck) */
/* fault 4: the consumer lets the mutex go without holding it a second time */
/* finds 4: lock-misuse (unlock-of-free) | lock-misuse (unlock-by-stranger) */
#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static int items;

static void put(void)
{
    pthread_cond_t *room = fault == 3 ? &not_empty : &not_full;
    lock(&mutex);
    while (items == 1)
        must(pthread_cond_wait(room, &mutex));
    items++;
    if (fault != 1)
        must(pthread_cond_signal(&not_empty));
    unlock(&mutex);
}

static void take(void)
{
    lock(&mutex);
    while (items == 0) {
        must(pthread_cond_wait(&not_empty, &mutex));
        if (fault == 2)
            break;
    }
    holds(items == 1);
    items--;
    must(pthread_cond_signal(fault == 3 ? &not_empty : &not_full));
    unlock(&mutex);
    if (fault == 4)
        (void)pthread_mutex_unlock(&mutex);
}

static void *body(void *argument)
{
    for (int i = 0; i < 3; i++)
        (long)argument % 2 ? put() : take();
    return NULL;
}

int main(void)
{
    run_threads(4, body);
    holds(items == 0);
}
