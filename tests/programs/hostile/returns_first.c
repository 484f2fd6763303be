/* SPDX-License-Identifier: MIT */
/* main returns while threads run. */
/* status: 0 */
/* says: note: unjoined in # run*: a thread neither joined nor detached */
/* says: note: main-first in # run*: main returned while other threads ran */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviours */
#include <pthread.h>
#include <unistd.h>

static void *work(void *unused)
{
    for (;;)
        sleep(1);
    return unused;
}

int main(void)
{
    pthread_t thread[3];
    for (int i = 0; i < 3; i++) {
        if (pthread_create(&thread[i], NULL, work, NULL) != 0)
            return 2;
    }
}
