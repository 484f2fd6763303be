/* SPDX-License-Identifier: MIT */
/* A timed wait that somebody may signal in time has both outcomes. */
/* allowed: in time | too late */
/* options: -c */
/* every: 300 */
#include "result.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int turn;

static void *give_turn(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&mutex);
    turn = 1;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

int main(void)
{
    pthread_t thread;
    int error = 0;
    pthread_mutex_lock(&mutex);
    pthread_create(&thread, NULL, give_turn, NULL);
    struct timespec t = from_now(CLOCK_REALTIME, 100);
    while (turn == 0 && error == 0)
        error = pthread_cond_timedwait(&cond, &mutex, &t);
    printf("%s\n", error == 0 ? "in time" : "too late");
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    return 0;
}
