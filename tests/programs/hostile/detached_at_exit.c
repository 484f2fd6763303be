/* SPDX-License-Identifier: MIT */
/* Detached threads still run when the process ends. */
/* status: 0 */
/* says: note: main-first in # run*: main returned while other threads ran */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviours */
#include <pthread.h>
#include <unistd.h>

static void *work(void *unused)
{
    pthread_detach(pthread_self());
    for (;;)
        sleep(1);
    return unused;
}

int main(void)
{
    pthread_t thread;
    for (int i = 0; i < 3; i++) {
        if (pthread_create(&thread, NULL, work, NULL) != 0)
            return 2;
    }
    sleep(2);
}
