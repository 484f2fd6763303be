/* SPDX-License-Identifier: MIT */
/* Readers are inside together at times, a writer is always alone. */
/* allowed: most readers 1 sum 4 | most readers 2 sum 4 | most readers 3 sum 4 */
/* every: 300 */
#include "result.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int readers;
static int most;
static int sum;

static void count(int by)
{
    pthread_mutex_lock(&mutex);
    readers += by;
    if (readers > most)
        most = readers;
    pthread_mutex_unlock(&mutex);
}

static void *read_it(void *unused)
{
    (void)unused;
    pthread_rwlock_rdlock(&lock);
    count(1);
    count(-1);
    pthread_rwlock_unlock(&lock);
    return NULL;
}

static void *write_it(void *unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        pthread_rwlock_wrlock(&lock);
        if (readers != 0)
            puts("a reader beside the writer");
        int was = sum;
        sched_yield();
        sum = was + 1;
        pthread_rwlock_unlock(&lock);
    }
    return NULL;
}

int main(void)
{
    pthread_t thread[5];
    for (int i = 0; i < 5; i++)
        pthread_create(&thread[i], NULL, i < 3 ? read_it : write_it, NULL);
    for (int i = 0; i < 5; i++)
        pthread_join(thread[i], NULL);
    printf("most readers %d sum %d\n", most, sum);
    return 0;
}
