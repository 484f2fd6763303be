/* SPDX-License-Identifier: MIT */
/* What is suppressed ends no run: a lost update behind races that are, time and again, is found. */
/* file: given race:^note$ */
/* options: --runs 200 --suppress given */
/* hunts: 1 */
/* status: 1 */
/* tells: exit-status: the program ended with status 1 */
/* says: FOUND exit-status in run #: suppressed_update-exit-status-1.sched */
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int notes;
static int money;

static __attribute__((noinline)) void note(void)
{
    notes++;
}

static void *pay(void *unused)
{
    for (int i = 0; i < 5; i++)
        note();
    pthread_mutex_lock(&mutex);
    int before = money;
    pthread_mutex_unlock(&mutex);
    note();
    pthread_mutex_lock(&mutex);
    money = before + 1;
    pthread_mutex_unlock(&mutex);
    return unused;
}

int main(void)
{
    pthread_t thread[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&thread[i], NULL, pay, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return money == 2 ? 0 : 1;
}
