/* SPDX-License-Identifier: MIT */
/* What is ignored ends no run: how a program ends that lets a stranger unlock is seen. */
/* options: --ignore lock-misuse */
/* hunts: 1 */
/* status: 1 */
/* tells: exit-status: the program ended with status 3 */
/* says: FOUND exit-status in run #: ignored_misuse-exit-status-1.sched */
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *unlock(void *unused)
{
    pthread_mutex_unlock(&mutex);
    return unused;
}

int main(void)
{
    pthread_t thread;
    pthread_mutex_lock(&mutex);
    pthread_create(&thread, NULL, unlock, NULL);
    pthread_join(thread, NULL);
    return 3;
}
