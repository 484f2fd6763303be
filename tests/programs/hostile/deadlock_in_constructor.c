/* SPDX-License-Identifier: MIT */
/* Its constructor starts a thread and deadlocks with it: main is never reached. */
/* status: 1 */
/* tells: deadlock (join): a wait for a task that can never end */
/* says: FOUND deadlock (join) in run 0: deadlock_in_constructor-deadlock-1.sched */
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *unused)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return unused;
}

__attribute__((constructor)) static void before_main(void)
{
    pthread_t thread;
    pthread_mutex_lock(&lock);
    if (pthread_create(&thread, NULL, work, NULL) == 0)
        pthread_join(thread, NULL);
}

int main(void)
{
    return 0;
}
