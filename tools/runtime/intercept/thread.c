/* SPDX-License-Identifier: MIT */
/*
 * thread.c: the doors of threads and mutexes. A door asks whether the call is to be modelled,
 * marks that the runtime is at work, and calls the model; nothing else happens here.
 */
#include "objects/thread.h"
#include "intercept/doors.h"
#include "intercept/sanitizer.h"
#include "objects/mutex.h"

/* AddressSanitizer holds a lock of its own in these two: nobody else has a turn in them. */
static int create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                  void *argument)
{
    ilv__sanitizer_holds(1);
    int error = ilv__thread_create(thread, attributes, start, argument);
    ilv__sanitizer_holds(-1);
    return error;
}

static int detach(pthread_t thread)
{
    ilv__sanitizer_holds(1);
    int error = ilv__thread_detach(thread);
    ilv__sanitizer_holds(-1);
    return error;
}

int ilv_door_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                            void *(*start)(void *), void *argument)
{
    if (ilv__managed() && ilv__sanitizer_own_thread(start, thread))
        return 0;
    ILV_DOOR(int, pthread_create(thread, attributes, start, argument),
             create(thread, attributes, start, argument));
}

int ilv_door_pthread_join(pthread_t thread, void **result)
{
    if (ilv__sanitizer_no_thread(thread))
        return 0;
    ILV_DOOR(int, pthread_join(thread, result), ilv__thread_join(thread, result, 0, NULL));
}

int ilv_door_pthread_tryjoin_np(pthread_t thread, void **result)
{
    ILV_DOOR(int, pthread_tryjoin_np(thread, result), ilv__thread_tryjoin(thread, result));
}

int ilv_door_pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *deadline)
{
    ILV_DOOR(int, pthread_timedjoin_np(thread, result, deadline),
             ilv__thread_join(thread, result, CLOCK_REALTIME, deadline));
}

int ilv_door_pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock,
                                  const struct timespec *deadline)
{
    ILV_DOOR(int, pthread_clockjoin_np(thread, result, clock, deadline),
             ilv__thread_join(thread, result, clock, deadline));
}

int ilv_door_pthread_detach(pthread_t thread)
{
    ILV_DOOR(int, pthread_detach(thread), detach(thread));
}

int ilv_door_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
    ILV_DOOR(int, pthread_mutex_init(mutex, attributes), ilv__mutex_init(mutex, attributes));
}

int ilv_door_pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    ILV_DOOR(int, pthread_mutex_destroy(mutex), ilv__mutex_destroy(mutex));
}

int ilv_door_pthread_mutex_lock(pthread_mutex_t *mutex)
{
    ILV_DOOR(int, pthread_mutex_lock(mutex), ilv__mutex_lock(mutex, 0, NULL));
}

int ilv_door_pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    ILV_DOOR(int, pthread_mutex_trylock(mutex), ilv__mutex_trylock(mutex));
}

int ilv_door_pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *deadline)
{
    ILV_DOOR(int, pthread_mutex_timedlock(mutex, deadline),
             ilv__mutex_lock(mutex, CLOCK_REALTIME, deadline));
}

int ilv_door_pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
                                     const struct timespec *deadline)
{
    ILV_DOOR(int, pthread_mutex_clocklock(mutex, clock, deadline),
             ilv__mutex_lock(mutex, clock, deadline));
}

int ilv_door_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    ILV_DOOR(int, pthread_mutex_unlock(mutex), ilv__mutex_unlock(mutex));
}

int ilv_door_pthread_mutex_consistent(pthread_mutex_t *mutex)
{
    ILV_DOOR(int, pthread_mutex_consistent(mutex), ilv__mutex_consistent(mutex));
}

void ilv_door_exit(int status)
{
    if (ilv__managed())
        ilv__thread_exit_process(status, true);
    ilv__real()->exit(status);
}
