/* SPDX-License-Identifier: MIT */
/* Waiters on a condition are cancelled; a clean-up lets go of the mutex that the wait took
 * again. */
/* fault 1: no clean-up */
/* finds 1: deadlock (owner-ended) */
/* fault 2: not cancelled */
/* finds 2: lost-wakeup | deadlock (join) | deadlock (stuck) */
#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static int cleaned;

static void clean(void *argument)
{
    (void)argument;
    if (fault == 1)
        return;
    cleaned++;
    unlock(&mutex);
}

static void *waiter(void *argument)
{
    lock(&mutex);
    pthread_cleanup_push(clean, NULL);
    while (cleaned < 9)
        must(pthread_cond_wait(&never, &mutex));
    pthread_cleanup_pop(1);
    return argument;
}

int main(void)
{
    pthread_t a = thread(waiter, NULL), b = thread(waiter, NULL);
    void *end;
    if (fault != 2)
        must(pthread_cancel(a) || pthread_cancel(b));
    must(pthread_join(a, &end));
    holds(end == PTHREAD_CANCELED);
    must(pthread_join(b, &end));
    holds(end == PTHREAD_CANCELED);
    lock(&mutex);
    holds(cleaned == 2);
    unlock(&mutex);
}
