/* SPDX-License-Identifier: MIT */
/* Its exit handler deadlocks with what it holds. */
/* status: 1 */
/* says: FOUND deadlock (self) in run 0: locks_in_exit_handler-deadlock-1.sched */
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void late(void)
{
    pthread_mutex_lock(&lock);
}

int main(void)
{
    atexit(late);
    pthread_mutex_lock(&lock);
    exit(0);
}
