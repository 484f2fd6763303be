/* SPDX-License-Identifier: MIT */
/* Semaphores hand a turn over and count; one that counts to two lets at most two in. */
/* allowed: ping 0 pong 0 ping 1 pong 1 ping 2 pong 2 most 1 | ping 0 pong 0 ping 1 pong 1 ping 2 pong 2 most 2 */
/* every: 300 */
#include <semaphore.h>
#include <stdatomic.h>

#include "result.h"

static sem_t ping;
static sem_t pong;
static sem_t two;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int inside;
static int most;

static void *answer(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        sem_wait(&ping);
        printf("pong %d ", i);
        sem_post(&pong);
    }
    return NULL;
}

static void count(int by)
{
    pthread_mutex_lock(&mutex);
    inside += by;
    if (inside > most)
        most = inside;
    pthread_mutex_unlock(&mutex);
}

static void *enter(void *unused)
{
    (void)unused;
    sem_wait(&two);
    count(1);
    count(-1);
    sem_post(&two);
    return NULL;
}

int main(void)
{
    pthread_t thread[4];
    sem_init(&ping, 0, 0);
    sem_init(&pong, 0, 0);
    sem_init(&two, 0, 2);
    pthread_create(&thread[3], NULL, answer, NULL);
    for (int i = 0; i < 3; i++) {
        printf("ping %d ", i);
        sem_post(&ping);
        sem_wait(&pong);
    }
    for (int i = 0; i < 3; i++)
        pthread_create(&thread[i], NULL, enter, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(thread[i], NULL);
    printf("most %d\n", most);
    return 0;
}
