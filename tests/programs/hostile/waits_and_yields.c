/* SPDX-License-Identifier: MIT */
/* Two threads politely let each other go first, for ever. */
/* options: --max-steps 3000 */
/* status: 1 */
/* says: FOUND livelock in run 0: waits_and_yields-livelock-1.sched */
#include <pthread.h>
#include <sched.h>

static void *polite(void *unused)
{
    for (;;)
        sched_yield();
    return unused;
}

int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, polite, NULL) != 0)
        return 2;
    polite(NULL);
}
