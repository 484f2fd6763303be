/* SPDX-License-Identifier: MIT */
/* A timed wait lets the mutex go while it waits, and comes back with it: signalled or timed out. */
/* allowed: partner took the mutex during the wait\nwait: 0 turn 1 | partner took the mutex during the wait\nwait: ETIMEDOUT turn 1 | wait: ETIMEDOUT turn 0\npartner took the mutex after the wait */
#include "result.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int turn;
static int waited;

static void *partner(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&mutex);
    printf("partner took the mutex %s the wait\n", waited ? "after" : "during");
    turn = 1;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

int main(void)
{
    pthread_t thread;
    pthread_mutex_lock(&mutex);
    pthread_create(&thread, NULL, partner, NULL);
    struct timespec t = from_now(CLOCK_REALTIME, 200);
    int error = pthread_cond_timedwait(&cond, &mutex, &t);
    waited = 1;
    printf("wait: %s turn %d\n", name_of(error), turn);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    return 0;
}
