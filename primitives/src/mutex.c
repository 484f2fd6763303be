/* SPDX-License-Identifier: MIT */
/*
 * mutex.c: waiting for a robust mutex.
 *
 * The kernel gives up what a dead holder held, and wakes one who waits. It passes on a wake-up
 * that a dead waiter had in hand, but only while the mutex is free. It is lost when somebody comes
 * in between:
 *
 *   A gives the mutex up, wakes B, takes it again: the word no longer says that anybody waits
 *   B, woken, is killed before it writes that it waits
 *   C, asleep since before, is woken by nobody: neither by A's unlock, nor when A dies
 *
 * So in shared memory who waits looks again every ILV__LOOK_NS, as all who park do (park.h);
 * looking is trying to lock, which writes that somebody waits. In private memory nobody dies
 * alone, and the plain call is made, which detectors know best. Where a mutex lies is asked for
 * when somebody has to wait; by a detector's sake at the first use. Our sandbox controls all who
 * wait, and gets the plain call.
 */
#include "mutex.h"

#include <ilv/deadline.h>
#include <linux/futex.h>
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

int ilv__mutex_kind(int type)
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
    __atomic_store_n(&mutex->lock.__data.__kind, ilv__mutex_kind(type), __ATOMIC_RELAXED);
    if (ilv__locks_are_watched())
        ilv__reach(mutex, &mutex->reach);
    __atomic_store_n(&mutex->state, ILV__READY, __ATOMIC_RELEASE);
    return 0;
}

/* By the caller, who was told that the mutex is lost. It guards nothing any more. */
static void leave_lost(pthread_mutex_t *lock)
{
    int *word = &lock->__data.__lock;
    uint32_t seen = (uint32_t)__atomic_load_n(word, __ATOMIC_RELAXED);
    if ((seen & FUTEX_TID_MASK) != (uint32_t)ilv__tid())
        return;
    __atomic_exchange_n(word, 0, __ATOMIC_RELAXED);
    ilv__wake((uint32_t *)word, ILV__ALL);
}

int ilv__mutex_try(struct ilv_mutex *mutex)
{
    if (ilv__robust_lock(&mutex->lock))
        return 0;
    ilv__mutex_before_lock(mutex);
    int error = pthread_mutex_trylock(&mutex->lock);
    if (ilv__unlikely(error == ENOTRECOVERABLE))
        leave_lost(&mutex->lock);
    return error;
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
        error = ilv__mutex_try(mutex);
    if (error == EINVAL)
        return EINVAL;
    if (error == EBUSY || error == EDEADLK)
        return EBUSY;
    __atomic_store_n(&mutex->state, ILV__DESTROYED, __ATOMIC_RELAXED);
    if (error != ENOTRECOVERABLE)
        pthread_mutex_unlock(&mutex->lock);
    pthread_mutex_destroy(&mutex->lock);
    return 0;
}

int ilv_mutex_destroy(struct ilv_mutex *mutex)
{
    return ilv__mutex_destroy(mutex, PTHREAD_MUTEX_ERRORCHECK);
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

/* Waits, plainly. */
static int lock_until(pthread_mutex_t *lock, const struct timespec *deadline)
{
    if (deadline == NULL)
        return pthread_mutex_lock(lock);
    int error = ilv__clocklock_is_unknown()
                    ? lock_by_day_time(lock, deadline)
                    : pthread_mutex_clocklock(lock, CLOCK_MONOTONIC, deadline);
    if (error == EOWNERDEAD)
        ilv__is_taken_over(lock);
    return error;
}

/* Somebody holds it, and nobody knows yet whether it needs looks. */
static int await(struct ilv_mutex *mutex, const struct timespec *deadline)
{
    if (ilv__reach(mutex, &mutex->reach) == ILV__PRIVATE)
        return lock_until(&mutex->lock, deadline);
    for (;;) {
        struct timespec look = ilv_deadline_in(ILV__LOOK_NS);
        if (deadline != NULL && !ilv__earlier(&look, deadline))
            return lock_until(&mutex->lock, deadline);
        int error = lock_until(&mutex->lock, &look);
        if (error != ETIMEDOUT)
            return error;
    }
}

/* It looks at the word before it tries: an attempt takes its line of the cache from the holder. */
static int try_while_looking(struct ilv_mutex *mutex, int looks)
{
    while ((__atomic_load_n(&mutex->lock.__data.__lock, __ATOMIC_RELAXED) & FUTEX_TID_MASK) != 0) {
        if (--looks <= 0)
            return EBUSY;
        ilv__pause();
    }
    return ilv__mutex_try(mutex);
}

static bool needs_no_look(const struct ilv_mutex *mutex)
{
    uint32_t reach = __atomic_load_n(&mutex->reach, __ATOMIC_RELAXED);
    return reach == ILV__PRIVATE || (reach == 0 && ilv__is_sandboxed());
}

int ilv__mutex_lock_slowly(struct ilv_mutex *mutex, int looks)
{
    ilv__robust_prepare();
    bool plain = needs_no_look(mutex);
    ilv__mutex_before_lock(mutex);
    if (plain)
        return pthread_mutex_lock(&mutex->lock);
    int error = try_while_looking(mutex, looks);
    return error != EBUSY ? error : await(mutex, NULL);
}

int ilv_mutex_lock(struct ilv_mutex *mutex)
{
    int error = ilv__mutex_ready(mutex, PTHREAD_MUTEX_ERRORCHECK);
    return ilv__unlikely(error != 0) ? error : ilv__mutex_lock(mutex);
}

int ilv_mutex_try_lock(struct ilv_mutex *mutex)
{
    int error = ilv__mutex_ready(mutex, PTHREAD_MUTEX_ERRORCHECK);
    return ilv__unlikely(error != 0) ? error : ilv__mutex_try(mutex);
}

int ilv__mutex_lock_until(struct ilv_mutex *mutex, const struct timespec *deadline, int type)
{
    int error = ilv__mutex_ready(mutex, type);
    if (error != 0)
        return error;
    if (!ilv__deadline_valid(deadline))
        return EINVAL;
    if (deadline == NULL)
        return ilv__mutex_lock(mutex);
    if (needs_no_look(mutex)) {
        ilv__mutex_before_lock(mutex);
        return lock_until(&mutex->lock, deadline);
    }
    error = ilv__mutex_try(mutex);
    return error != EBUSY ? error : await(mutex, deadline);
}

int ilv_mutex_lock_until(struct ilv_mutex *mutex, const struct timespec *deadline)
{
    return ilv__mutex_lock_until(mutex, deadline, PTHREAD_MUTEX_ERRORCHECK);
}

int ilv_mutex_unlock(struct ilv_mutex *mutex)
{
    int error = ilv__mutex_ready(mutex, PTHREAD_MUTEX_ERRORCHECK);
    return ilv__unlikely(error != 0) ? error : ilv__mutex_unlock(mutex);
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
