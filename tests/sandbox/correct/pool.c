/* SPDX-License-Identifier: MIT */
/* A pool of threads with a queue; shutdown ends it when the queue is empty. */
/* fault 1: shutdown wakes one worker only */
/* finds 1: deadlock (join) | lost-wakeup | deadlock (stuck) */
/* fault 2: shutdown is told without the lock, between a worker's look and its wait */
/* skips 2: a plain store right after an unlock is made before anybody else goes on: only calls are points */
/* finds 2: lost-wakeup | deadlock (join) | deadlock (stuck) */
/* fault 4: the same, after a call that lets others go on */
/* finds 4: lost-wakeup | deadlock (join) | deadlock (stuck) */
/* fault 3: a worker that ends forgets the lock */
/* finds 3: deadlock (owner-ended) */
#include <sched.h>
#include <stdbool.h>

#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static int queued, finished;
static bool closing;
static const bool without_lock = FAULT == 2 || FAULT == 4;

static bool look(void)
{
    bool idle = queued == 0 && !closing;
    if (idle && without_lock)
        sched_yield();
    return idle;
}

static void *worker(void *argument)
{
    lock(&mutex);
    for (;;) {
        while (look())
            must(pthread_cond_wait(&work, &mutex));
        if (queued == 0)
            break;
        queued--;
        unlock(&mutex);
        sched_yield();
        lock(&mutex);
        finished++;
    }
    if (fault != 3)
        unlock(&mutex);
    return argument;
}

static void submit(void)
{
    lock(&mutex);
    queued++;
    must(pthread_cond_signal(&work));
    unlock(&mutex);
}

static void shut_down(void)
{
    if (fault == 4)
        sched_yield();
    if (!without_lock)
        lock(&mutex);
    closing = true;
    must(fault == 1 ? pthread_cond_signal(&work) : pthread_cond_broadcast(&work));
    if (!without_lock)
        unlock(&mutex);
}

int main(void)
{
    pthread_t id[3];
    for (int i = 0; i < 3; i++)
        id[i] = thread(worker, NULL);
    for (int i = 0; i < 4; i++)
        submit();
    shut_down();
    for (int i = 0; i < 3; i++)
        join(id[i]);
    holds(finished == 4);
}
