/* SPDX-License-Identifier: MIT */
/* Which of three waiters a signal wakes is open; each is woken in the end. */
/* allowed: first 0 | first 1 | first 2 */
/* every: 200 */
#include "result.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static int waiting;
static int tokens;
static int first = -1;

static void *wait_for_token(void *number)
{
    pthread_mutex_lock(&mutex);
    waiting++;
    pthread_cond_signal(&arrived);
    while (tokens == 0)
        pthread_cond_wait(&cond, &mutex);
    tokens--;
    if (first < 0)
        first = (int)(long)number;
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void give_token(void)
{
    pthread_mutex_lock(&mutex);
    tokens++;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    pthread_t thread[3];
    for (long i = 0; i < 3; i++)
        pthread_create(&thread[i], NULL, wait_for_token, (void *)i);
    pthread_mutex_lock(&mutex);
    while (waiting < 3)
        pthread_cond_wait(&arrived, &mutex);
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < 3; i++)
        give_token();
    for (int i = 0; i < 3; i++)
        pthread_join(thread[i], NULL);
    printf("first %d\n", first);
    return 0;
}
