/* SPDX-License-Identifier: MIT */
/* Its constructor locks a lock that it has: main is never reached. */
/* status: 1 */
/* tells: deadlock (self): a task waits for what it holds itself */
/* says: FOUND deadlock (self) in run 0: locks_in_constructor-deadlock-1.sched */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void before_main(void)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
}

int main(void)
{
    return 0;
}
