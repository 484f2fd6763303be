/* SPDX-License-Identifier: MIT */
/* Ends by quick_exit in a thread, whose handlers run, with a status that is a failure. */
/* status: 1 */
/* tells: exit-status: the program ended with status 9 */
/* says: FOUND exit-status in run 0: leaves_quickly-exit-status-1.sched */
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void last(void)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
}

static void *leave(void *unused)
{
    quick_exit(9);
    return unused;
}

int main(void)
{
    pthread_t thread;
    at_quick_exit(last);
    if (pthread_create(&thread, NULL, leave, NULL) != 0)
        return 2;
    pthread_join(thread, NULL);
    return 3;
}
