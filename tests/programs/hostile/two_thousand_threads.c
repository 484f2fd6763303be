/* SPDX-License-Identifier: MIT */
/* options: --runs 2 */
/* status: 3 */
/* says: LIMITED: none of 2 runs could be judged: more than 1024 threads in one run, those that ended included */
#include <pthread.h>

#define THREADS 2000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int done;

static void *work(void *unused)
{
    pthread_mutex_lock(&lock);
    done++;
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    static pthread_t thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&thread[i], NULL, work, NULL) != 0)
            return 2;
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    return done == THREADS ? 0 : 1;
}
