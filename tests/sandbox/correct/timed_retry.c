/* SPDX-License-Identifier: MIT */
/* A wait with a deadline that is made again until the event came. */
/* fault 1: a timeout is taken for the event */
/* finds 1: exit-status */
/* fault 2: the deadline is given up after three tries */
/* finds 2: exit-status */
#include <errno.h>
#include <stdbool.h>
#include <time.h>

#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static bool event;

static int wait_a_little(void)
{
    struct timespec deadline;
    must(clock_gettime(CLOCK_REALTIME, &deadline));
    deadline.tv_sec++;
    return pthread_cond_timedwait(&cond, &mutex, &deadline);
}

static void *waiter(void *argument)
{
    int tries = 0;
    lock(&mutex);
    while (!event) {
        int error = wait_a_little();
        must(error && error != ETIMEDOUT);
        if (error && (fault == 1 || (fault == 2 && ++tries == 3)))
            break;
    }
    holds(event);
    unlock(&mutex);
    return argument;
}

static void *sender(void *argument)
{
    struct timespec four = {.tv_sec = 4};
    must(nanosleep(&four, NULL));
    lock(&mutex);
    event = true;
    unlock(&mutex);
    must(pthread_cond_broadcast(&cond));
    return argument;
}

int main(void)
{
    pthread_t w = thread(waiter, NULL), s = thread(sender, NULL);
    join(w);
    join(s);
}
