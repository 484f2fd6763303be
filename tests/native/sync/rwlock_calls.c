/* SPDX-License-Identifier: MIT */
/* Every call on reader-writer locks, by one thread and by another while they are held. */
#include "result.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t zeroed;

static void *other(void *l)
{
    pthread_rwlock_t *rw = l;
    int error = pthread_rwlock_tryrdlock(rw);
    printf("other tryrdlock: %s\n", name_of(error));
    if (error == 0)
        SHOW(pthread_rwlock_unlock(rw));
    error = pthread_rwlock_trywrlock(rw);
    printf("other trywrlock: %s\n", name_of(error));
    if (error == 0)
        SHOW(pthread_rwlock_unlock(rw));
    struct timespec t = from_now(CLOCK_REALTIME, 5);
    error = pthread_rwlock_timedrdlock(rw, &t);
    printf("other timedrdlock: %s\n", name_of(error));
    if (error == 0)
        SHOW(pthread_rwlock_unlock(rw));
    t = from_now(CLOCK_MONOTONIC, 5);
    error = pthread_rwlock_clockwrlock(rw, CLOCK_MONOTONIC, &t);
    printf("other clockwrlock: %s\n", name_of(error));
    if (error == 0)
        SHOW(pthread_rwlock_unlock(rw));
    return NULL;
}

static void bad_deadlines(void)
{
    struct timespec t = {0, 1000000000};
    SHOW(pthread_rwlock_timedrdlock(&lock, &t));
    SHOW(pthread_rwlock_timedwrlock(&lock, &t));
    t.tv_nsec = 0;
    SHOW(pthread_rwlock_clockrdlock(&lock, CLOCK_THREAD_CPUTIME_ID, &t));
    SHOW(pthread_rwlock_clockrdlock(&lock, CLOCK_MONOTONIC, &t));
    SHOW(pthread_rwlock_timedwrlock(&lock, &t));
    SHOW(pthread_rwlock_unlock(&lock));
}

static void as_reader(void)
{
    SHOW(pthread_rwlock_rdlock(&lock));
    SHOW(pthread_rwlock_rdlock(&lock));
    SHOW(pthread_rwlock_trywrlock(&lock));
    in_thread(other, &lock);
    SHOW(pthread_rwlock_unlock(&lock));
    SHOW(pthread_rwlock_unlock(&lock));
}

static void as_writer(void)
{
    SHOW(pthread_rwlock_wrlock(&lock));
    SHOW(pthread_rwlock_wrlock(&lock));
    SHOW(pthread_rwlock_rdlock(&lock));
    SHOW(pthread_rwlock_trywrlock(&lock));
    SHOW(pthread_rwlock_tryrdlock(&lock));
    in_thread(other, &lock);
    SHOW(pthread_rwlock_unlock(&lock));
}

int main(void)
{
    in_thread(other, &zeroed);
    as_reader();
    as_writer();
    bad_deadlines();
    SHOW(pthread_rwlock_destroy(&lock));
    SHOW(pthread_rwlock_init(&lock, NULL));
    as_writer();
    SHOW(pthread_rwlock_destroy(&lock));
    return 0;
}
