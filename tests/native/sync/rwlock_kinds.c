/* SPDX-License-Identifier: MIT */
/* Whether a reader joins a reader while a writer waits, by the kind of the lock. */
/* clock: idle */
#include <unistd.h>

#include "result.h"

static void *write_late(void *l)
{
    struct timespec t = from_now(CLOCK_REALTIME, 300);
    int error = pthread_rwlock_timedwrlock(l, &t);
    if (error == 0)
        pthread_rwlock_unlock(l);
    return (void *)(long)error;
}

static void kind(const char *name, int which)
{
    pthread_rwlockattr_t attr;
    pthread_rwlock_t lock;
    pthread_t writer;
    printf("-- %s\n", name);
    SHOW(pthread_rwlockattr_init(&attr));
    SHOW(pthread_rwlockattr_setkind_np(&attr, which));
    SHOW(pthread_rwlock_init(&lock, &attr));
    SHOW(pthread_rwlock_rdlock(&lock));
    pthread_create(&writer, NULL, write_late, &lock);
    usleep(100000);
    int error = pthread_rwlock_tryrdlock(&lock);
    printf("second reader: %s\n", name_of(error));
    if (error == 0)
        SHOW(pthread_rwlock_unlock(&lock));
    struct timespec t = from_now(CLOCK_REALTIME, 20);
    error = pthread_rwlock_timedrdlock(&lock, &t);
    printf("third reader: %s\n", name_of(error));
    if (error == 0)
        SHOW(pthread_rwlock_unlock(&lock));
    SHOW(pthread_rwlock_unlock(&lock));
    void *result = NULL;
    pthread_join(writer, &result);
    printf("writer: %s\n", name_of((int)(long)result));
    SHOW(pthread_rwlock_destroy(&lock));
    SHOW(pthread_rwlockattr_destroy(&attr));
}

int main(void)
{
    kind("prefer reader", PTHREAD_RWLOCK_PREFER_READER_NP);
    kind("prefer writer", PTHREAD_RWLOCK_PREFER_WRITER_NP);
    kind("prefer writer, not recursive", PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    return 0;
}
