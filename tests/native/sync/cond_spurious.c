/* SPDX-License-Identifier: MIT */
/* A wake-up that nobody sent is possible where it is asked for; the mutex is held after it. */
/* allowed: loops 1 | loops 2 | loops 3 */
/* options: -f */
/* every: 400 */
#include "result.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int turn;
static int inside;

static void *give_turn(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&mutex);
    if (inside++ != 0)
        puts("two at once");
    turn = 1;
    inside--;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

int main(void)
{
    pthread_t thread;
    int loops = 0;
    pthread_mutex_lock(&mutex);
    pthread_create(&thread, NULL, give_turn, NULL);
    while (turn == 0) {
        pthread_cond_wait(&cond, &mutex);
        if (inside != 0)
            puts("two at once");
        if (loops < 3)
            loops++;
    }
    printf("loops %d\n", loops);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    return 0;
}
