/* SPDX-License-Identifier: MIT */
/* Threads wait for ever where nobody calls, main ends by pthread_exit. */
/* status: 1 */
/* says: FOUND deadlock (stuck) in run 0: exits_while_others_wait-deadlock-1.sched */
#include <pthread.h>
#include <semaphore.h>

static sem_t never;

static void *waits(void *unused)
{
    while (sem_wait(&never) != 0)
        continue;
    return unused;
}

int main(void)
{
    pthread_t thread;
    sem_init(&never, 0, 0);
    if (pthread_create(&thread, NULL, waits, NULL) != 0)
        return 2;
    pthread_detach(thread);
    pthread_exit(NULL);
}
