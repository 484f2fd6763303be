/* SPDX-License-Identifier: MIT */
/* Takes and releases a lock for ever. */
/* options: --max-steps 3000 */
/* status: 1 */
/* tells: livelock: steps without end: the run has made 3000 steps and goes on */
/* says: FOUND livelock in run 0: never_ends-livelock-1.sched */
#include <pthread.h>

int main(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    for (;;) {
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
    }
}
