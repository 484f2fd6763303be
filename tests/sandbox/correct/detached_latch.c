/* SPDX-License-Identifier: MIT */
/* Detached threads that count a latch down; main waits for it and not for them. */
/* fault 1: looked at and counted down under two locks */
/* finds 1: deadlock (stuck) | lost-wakeup */
/* fault 2: the last one tells nobody */
/* finds 2: deadlock (stuck) | lost-wakeup */
/* notes: main-first */
#include <sched.h>

#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;
static int left = 4;

static void *body(void *argument)
{
    must(pthread_detach(pthread_self()));
    lock(&mutex);
    int before = left;
    if (fault == 1) {
        unlock(&mutex);
        sched_yield();
        lock(&mutex);
    }
    left = before - 1;
    if (left == 0 && fault != 2)
        must(pthread_cond_signal(&done));
    unlock(&mutex);
    return argument;
}

int main(void)
{
    for (int i = 0; i < 4; i++)
        (void)thread(body, NULL);
    lock(&mutex);
    while (left)
        must(pthread_cond_wait(&done, &mutex));
    unlock(&mutex);
}
