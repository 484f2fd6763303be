/* SPDX-License-Identifier: MIT */
/* Threads that look again and again under a lock, without a pause, until another one did its
 * part. */
/* fault 1: it never does */
/* finds 1: livelock */
#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int parts;

static int read_parts(void)
{
    lock(&mutex);
    int now = parts;
    unlock(&mutex);
    return now;
}

static void *body(void *argument)
{
    long me = (long)argument;
    while (read_parts() < me)
        continue;
    lock(&mutex);
    if (!(fault == 1 && me == 1))
        parts++;
    unlock(&mutex);
    return NULL;
}

int main(void)
{
    run_threads(3, body);
    holds(parts == 3);
}
