/* SPDX-License-Identifier: MIT */
/* Makes and joins 900 threads, one after the other. */
/* options: --runs 3 */
/* status: 0 */
/* says: NO FAILURE in 3 runs (not a proof): # distinct behaviour* */
#include <pthread.h>

static int turns;

static void *work(void *unused)
{
    turns++;
    return unused;
}

int main(void)
{
    for (int i = 0; i < 900; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, NULL) != 0)
            return 2;
        pthread_join(thread, NULL);
    }
    return turns == 900 ? 0 : 1;
}
