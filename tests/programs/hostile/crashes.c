/* SPDX-License-Identifier: MIT */
/* status: 1 */
/* tells: crash: T0.1 was ended by SIGSEGV */
/* says: FOUND crash in run 0: crashes-crash-1.sched */
#include <pthread.h>

static int *volatile nowhere;

static void *crash(void *unused)
{
    *nowhere = 1;
    return unused;
}

int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, crash, NULL) != 0)
        return 2;
    pthread_join(thread, NULL);
}
