/* SPDX-License-Identifier: MIT */
#include "mutex.h"

#include <ilv/deadline.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "annotate.h"

_Static_assert(sizeof(struct ilv_mutex) == 48, "arenas and other versions rely on the size");

/* The word that glibc's pthread_mutex_init leaves in such a mutex; all others are zero. */
static int make_kind(int type)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t mutex;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
    int kind = mutex.__data.__kind;
    pthread_mutex_destroy(&mutex);
    return kind;
}

static int kind_of(int type)
{
    static int kinds[4];
    int kind = __atomic_load_n(&kinds[type], __ATOMIC_RELAXED);
    if (kind == 0) {
        kind = make_kind(type);
        __atomic_store_n(&kinds[type], kind, __ATOMIC_RELAXED);
    }
    return kind;
}

int ilv__mutex_first_use(struct ilv_mutex *mutex, int type)
{
    if (mutex == NULL)
        return EINVAL;
    uint32_t state = __atomic_load_n(&mutex->state, __ATOMIC_ACQUIRE);
    if (state != 0)
        return state == ILV__READY ? 0 : EINVAL;
    ilv__self_prepare();
    __atomic_store_n(&mutex->lock.__data.__kind, kind_of(type), __ATOMIC_RELAXED);
    __atomic_store_n(&mutex->state, ILV__READY, __ATOMIC_RELEASE);
    return 0;
}

int ilv_mutex_init(struct ilv_mutex *mutex)
{
    if (mutex == NULL)
        return EINVAL;
    memset(mutex, 0, sizeof *mutex);
    return 0;
}

int ilv__mutex_destroy(struct ilv_mutex *mutex, int type)
{
    int error = ilv__mutex_ready(mutex, type);
    if (error == 0)
        error = pthread_mutex_trylock(&mutex->lock);
    if (error == EINVAL)
        return EINVAL;
    if (error == EBUSY || error == EDEADLK)
        return EBUSY;
    __atomic_store_n(&mutex->state, ILV__DESTROYED, __ATOMIC_RELEASE);
    if (error != ENOTRECOVERABLE)
        pthread_mutex_unlock(&mutex->lock);
    pthread_mutex_destroy(&mutex->lock);
    return 0;
}

int ilv_mutex_destroy(struct ilv_mutex *mutex)
{
    return ilv__mutex_destroy(mutex, PTHREAD_MUTEX_ERRORCHECK);
}

int ilv_mutex_lock(struct ilv_mutex *mutex)
{
    int error = ilv__mutex_ready(mutex, PTHREAD_MUTEX_ERRORCHECK);
    if (ilv__unlikely(error != 0))
        return error;
    ilv__mutex_before_lock(mutex);
    return pthread_mutex_lock(&mutex->lock);
}

int ilv_mutex_try_lock(struct ilv_mutex *mutex)
{
    int error = ilv__mutex_ready(mutex, PTHREAD_MUTEX_ERRORCHECK);
    if (ilv__unlikely(error != 0))
        return error;
    ilv__mutex_before_lock(mutex);
    return pthread_mutex_trylock(&mutex->lock);
}

/* For detectors that know no other: the deadline moves if somebody sets the clock of the day. */
static int lock_by_day_time(pthread_mutex_t *lock, const struct timespec *deadline)
{
    struct timespec now;
    struct timespec day;
    clock_gettime(CLOCK_MONOTONIC, &now);
    clock_gettime(CLOCK_REALTIME, &day);
    long nanoseconds = day.tv_nsec + deadline->tv_nsec - now.tv_nsec;
    long carry = nanoseconds < 0 ? -1 : nanoseconds / ILV_SECOND;
    day.tv_sec += deadline->tv_sec - now.tv_sec + carry;
    day.tv_nsec = nanoseconds - carry * ILV_SECOND;
    return pthread_mutex_timedlock(lock, &day);
}

int ilv__mutex_lock_until(struct ilv_mutex *mutex, const struct timespec *deadline, int type)
{
    int error = ilv__mutex_ready(mutex, type);
    if (error != 0)
        return error;
    if (!ilv__deadline_valid(deadline))
        return EINVAL;
    ilv__mutex_before_lock(mutex);
    if (deadline == NULL)
        return pthread_mutex_lock(&mutex->lock);
    if (ilv__clocklock_is_unknown())
        return lock_by_day_time(&mutex->lock, deadline);
    return pthread_mutex_clocklock(&mutex->lock, CLOCK_MONOTONIC, deadline);
}

int ilv_mutex_lock_until(struct ilv_mutex *mutex, const struct timespec *deadline)
{
    return ilv__mutex_lock_until(mutex, deadline, PTHREAD_MUTEX_ERRORCHECK);
}

int ilv_mutex_unlock(struct ilv_mutex *mutex)
{
    int error = ilv__mutex_ready(mutex, PTHREAD_MUTEX_ERRORCHECK);
    return ilv__unlikely(error != 0) ? error : pthread_mutex_unlock(&mutex->lock);
}

int ilv_mutex_consistent(struct ilv_mutex *mutex)
{
    int error = ilv__mutex_ready(mutex, PTHREAD_MUTEX_ERRORCHECK);
    return error != 0 ? error : pthread_mutex_consistent(&mutex->lock);
}

bool ilv__mutex_take(struct ilv_mutex *mutex)
{
    int error = ilv_mutex_lock(mutex);
    if (ilv__likely(error == 0))
        return false;
    if (error == EOWNERDEAD)
        return true;
    fprintf(stderr, "ilv: a mutex of the library is damaged: %s\n", strerror(error));
    abort();
}

void ilv__mutex_leave(struct ilv_mutex *mutex)
{
    int error = ilv_mutex_unlock(mutex);
    if (ilv__likely(error == 0))
        return;
    fprintf(stderr, "ilv: a mutex of the library was taken away: %s\n", strerror(error));
    abort();
}
