/* SPDX-License-Identifier: MIT */
/*
 * c11.c: the doors of <threads.h>. In glibc its types are those of pthreads, and so are its
 * models; what differs is how results are told. Thread-specific storage, thrd_current, thrd_equal
 * and thrd_exit need no door.
 */
#include <errno.h>
#include <threads.h>

#include "intercept/doors.h"
#include "objects/clock.h"
#include "objects/cond.h"
#include "objects/mutex.h"
#include "objects/once.h"
#include "objects/thread.h"

static pthread_mutex_t *as_mutex(mtx_t *mutex)
{
    return (pthread_mutex_t *)(void *)mutex;
}

static pthread_cond_t *as_cond(cnd_t *cond)
{
    return (pthread_cond_t *)(void *)cond;
}

static int told(int error)
{
    switch (error) {
    case 0:
        return thrd_success;
    case EBUSY:
        return thrd_busy;
    case ETIMEDOUT:
        return thrd_timedout;
    case ENOMEM:
        return thrd_nomem;
    default:
        return thrd_error;
    }
}

/* ---- threads ------------------------------------------------------------------------------ */

/* The status comes back in the low half of the result: thrd_join takes that half only. */
static int create_thread(thrd_t *thread, thrd_start_t start, void *argument)
{
    return told(
        ilv__thread_create(thread, NULL, (void *(*)(void *))(void (*)(void))start, argument));
}

int ilv_door_thrd_create(thrd_t *thread, thrd_start_t start, void *argument)
{
    ILV_DOOR(int, thrd_create(thread, start, argument), create_thread(thread, start, argument));
}

static int join_thread(thrd_t thread, int *result)
{
    void *value = NULL;
    int error = ilv__thread_join(thread, &value, 0, NULL);
    if (error == 0 && result != NULL)
        *result = (int)(intptr_t)value;
    return told(error);
}

int ilv_door_thrd_join(thrd_t thread, int *result)
{
    ILV_DOOR(int, thrd_join(thread, result), join_thread(thread, result));
}

int ilv_door_thrd_detach(thrd_t thread)
{
    ILV_DOOR(int, thrd_detach(thread), told(ilv__thread_detach(thread)));
}

void ilv_door_thrd_yield(void)
{
    if (!ilv__managed()) {
        ilv__real()->thrd_yield();
        return;
    }
    ilv__enter();
    ilv__simple(ILV_EV_TASK_YIELD, 0, 0);
    ilv__exit();
}

static int sleep_thread(const struct timespec *span, struct timespec *left)
{
    int error = ilv__clock_nanosleep(CLOCK_REALTIME, 0, span, left);
    return error == 0 ? 0 : error == EINTR ? -1 : -2;
}

int ilv_door_thrd_sleep(const struct timespec *span, struct timespec *left)
{
    ILV_DOOR(int, thrd_sleep(span, left), sleep_thread(span, left));
}

void ilv_door_call_once(once_flag *flag, void (*initialiser)(void))
{
    if (!ilv__managed()) {
        ilv__real()->call_once(flag, initialiser);
        return;
    }
    ilv__enter();
    ilv__once((int *)(void *)flag, initialiser);
    ilv__exit();
}

/* ---- mutexes ------------------------------------------------------------------------------ */

/* As in glibc one bit of the type counts, and no type is refused. */
static int init_mutex(mtx_t *mutex, int type)
{
    bool recursive = (type & mtx_recursive) != 0;
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes,
                              recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
    int error = ilv__mutex_init(as_mutex(mutex), &attributes);
    pthread_mutexattr_destroy(&attributes);
    return told(error);
}

int ilv_door_mtx_init(mtx_t *mutex, int type)
{
    ILV_DOOR(int, mtx_init(mutex, type), init_mutex(mutex, type));
}

void ilv_door_mtx_destroy(mtx_t *mutex)
{
    if (!ilv__managed()) {
        ilv__real()->mtx_destroy(mutex);
        return;
    }
    ilv__enter();
    ilv__mutex_destroy(as_mutex(mutex));
    ilv__exit();
}

int ilv_door_mtx_lock(mtx_t *mutex)
{
    ILV_DOOR(int, mtx_lock(mutex), told(ilv__mutex_lock(as_mutex(mutex), 0, NULL)));
}

int ilv_door_mtx_trylock(mtx_t *mutex)
{
    ILV_DOOR(int, mtx_trylock(mutex), told(ilv__mutex_trylock(as_mutex(mutex))));
}

int ilv_door_mtx_timedlock(mtx_t *mutex, const struct timespec *deadline)
{
    ILV_DOOR(int, mtx_timedlock(mutex, deadline),
             told(ilv__mutex_lock(as_mutex(mutex), CLOCK_REALTIME, deadline)));
}

int ilv_door_mtx_unlock(mtx_t *mutex)
{
    ILV_DOOR(int, mtx_unlock(mutex), told(ilv__mutex_unlock(as_mutex(mutex))));
}

/* ---- conditions --------------------------------------------------------------------------- */

int ilv_door_cnd_init(cnd_t *cond)
{
    ILV_DOOR(int, cnd_init(cond), told(ilv__cond_init(as_cond(cond), NULL)));
}

void ilv_door_cnd_destroy(cnd_t *cond)
{
    if (!ilv__managed()) {
        ilv__real()->cnd_destroy(cond);
        return;
    }
    ilv__enter();
    ilv__cond_destroy(as_cond(cond));
    ilv__exit();
}

int ilv_door_cnd_wait(cnd_t *cond, mtx_t *mutex)
{
    ILV_DOOR(int, cnd_wait(cond, mutex), told(ilv__cond_wait(as_cond(cond), as_mutex(mutex))));
}

int ilv_door_cnd_timedwait(cnd_t *cond, mtx_t *mutex, const struct timespec *deadline)
{
    ILV_DOOR(int, cnd_timedwait(cond, mutex, deadline),
             told(ilv__cond_timedwait(as_cond(cond), as_mutex(mutex), deadline)));
}

int ilv_door_cnd_signal(cnd_t *cond)
{
    ILV_DOOR(int, cnd_signal(cond), told(ilv__cond_signal(as_cond(cond))));
}

int ilv_door_cnd_broadcast(cnd_t *cond)
{
    ILV_DOOR(int, cnd_broadcast(cond), told(ilv__cond_broadcast(as_cond(cond))));
}
