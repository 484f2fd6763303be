/* SPDX-License-Identifier: MIT */
/* Sleeps an hour in each of three threads: the test would not live to see it. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
#include <pthread.h>
#include <time.h>
#include <unistd.h>

static void *doze(void *unused)
{
    for (unsigned left = 3600; left > 0;)
        left = sleep(left);
    return unused;
}

int main(void)
{
    pthread_t thread[2];
    time_t begun = time(NULL);
    for (int i = 0; i < 2; i++) {
        if (pthread_create(&thread[i], NULL, doze, NULL) != 0)
            return 2;
    }
    doze(NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return time(NULL) - begun >= 3600 ? 0 : 1;
}
