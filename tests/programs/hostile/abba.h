/* SPDX-License-Identifier: MIT */
/* Two locks taken in both orders. */
#include <pthread.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;

static void take(pthread_mutex_t *a, pthread_mutex_t *b)
{
    pthread_mutex_lock(a);
    pthread_mutex_lock(b);
    pthread_mutex_unlock(b);
    pthread_mutex_unlock(a);
}

static void *backwards(void *unused)
{
    take(&second, &first);
    return unused;
}

int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, backwards, NULL) != 0)
        return 2;
    take(&first, &second);
    pthread_join(thread, NULL);
}
