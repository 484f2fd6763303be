/* SPDX-License-Identifier: MIT */
/* An alarm ends it while threads wait. */
/* status: 1 */
/* tells: crash: T0 was ended by SIGALRM */
/* says: FOUND crash in run 0: alarms-crash-1.sched */
#include <pthread.h>
#include <unistd.h>

static void *wait_for_it(void *unused)
{
    for (;;)
        pause();
    return unused;
}

int main(void)
{
    pthread_t thread;
    alarm(3600);
    if (pthread_create(&thread, NULL, wait_for_it, NULL) != 0)
        return 2;
    pthread_join(thread, NULL);
}
