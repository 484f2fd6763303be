/* SPDX-License-Identifier: MIT */
/*
 * sync.c: the doors of conditions, reader-writer locks, barriers, spin locks, semaphores and
 * what is done once. Nothing happens here but the way to the model.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>

#include "intercept/doors.h"
#include "objects/barrier.h"
#include "objects/cond.h"
#include "objects/once.h"
#include "objects/rwlock.h"
#include "objects/semaphore.h"
#include "objects/spin.h"

int ilv_door_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes)
{
    ILV_DOOR(int, pthread_cond_init(cond, attributes), ilv__cond_init(cond, attributes));
}

int ilv_door_pthread_cond_destroy(pthread_cond_t *cond)
{
    ILV_DOOR(int, pthread_cond_destroy(cond), ilv__cond_destroy(cond));
}

int ilv_door_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
    ILV_DOOR(int, pthread_cond_wait(cond, mutex), ilv__cond_wait(cond, mutex));
}

int ilv_door_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                                    const struct timespec *deadline)
{
    ILV_DOOR(int, pthread_cond_timedwait(cond, mutex, deadline),
             ilv__cond_timedwait(cond, mutex, deadline));
}

int ilv_door_pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
                                    const struct timespec *deadline)
{
    ILV_DOOR(int, pthread_cond_clockwait(cond, mutex, clock, deadline),
             ilv__cond_clockwait(cond, mutex, clock, deadline));
}

int ilv_door_pthread_cond_signal(pthread_cond_t *cond)
{
    ILV_DOOR(int, pthread_cond_signal(cond), ilv__cond_signal(cond));
}

int ilv_door_pthread_cond_broadcast(pthread_cond_t *cond)
{
    ILV_DOOR(int, pthread_cond_broadcast(cond), ilv__cond_broadcast(cond));
}

int ilv_door_pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes)
{
    ILV_DOOR(int, pthread_rwlock_init(lock, attributes), ilv__rwlock_init(lock, attributes));
}

int ilv_door_pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
    ILV_DOOR(int, pthread_rwlock_destroy(lock), ilv__rwlock_destroy(lock));
}

int ilv_door_pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    ILV_DOOR(int, pthread_rwlock_rdlock(lock), ilv__rwlock_rdlock(lock, 0, NULL));
}

int ilv_door_pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
    ILV_DOOR(int, pthread_rwlock_tryrdlock(lock), ilv__rwlock_tryrdlock(lock));
}

int ilv_door_pthread_rwlock_timedrdlock(pthread_rwlock_t *lock, const struct timespec *deadline)
{
    ILV_DOOR(int, pthread_rwlock_timedrdlock(lock, deadline),
             ilv__rwlock_rdlock(lock, CLOCK_REALTIME, deadline));
}

int ilv_door_pthread_rwlock_clockrdlock(pthread_rwlock_t *lock, clockid_t clock,
                                        const struct timespec *deadline)
{
    ILV_DOOR(int, pthread_rwlock_clockrdlock(lock, clock, deadline),
             ilv__rwlock_rdlock(lock, clock, deadline));
}

int ilv_door_pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    ILV_DOOR(int, pthread_rwlock_wrlock(lock), ilv__rwlock_wrlock(lock, 0, NULL));
}

int ilv_door_pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
    ILV_DOOR(int, pthread_rwlock_trywrlock(lock), ilv__rwlock_trywrlock(lock));
}

int ilv_door_pthread_rwlock_timedwrlock(pthread_rwlock_t *lock, const struct timespec *deadline)
{
    ILV_DOOR(int, pthread_rwlock_timedwrlock(lock, deadline),
             ilv__rwlock_wrlock(lock, CLOCK_REALTIME, deadline));
}

int ilv_door_pthread_rwlock_clockwrlock(pthread_rwlock_t *lock, clockid_t clock,
                                        const struct timespec *deadline)
{
    ILV_DOOR(int, pthread_rwlock_clockwrlock(lock, clock, deadline),
             ilv__rwlock_wrlock(lock, clock, deadline));
}

int ilv_door_pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
    ILV_DOOR(int, pthread_rwlock_unlock(lock), ilv__rwlock_unlock(lock));
}

int ilv_door_pthread_barrier_init(pthread_barrier_t *barrier,
                                  const pthread_barrierattr_t *attributes, unsigned count)
{
    ILV_DOOR(int, pthread_barrier_init(barrier, attributes, count),
             ilv__barrier_init(barrier, attributes, count));
}

int ilv_door_pthread_barrier_destroy(pthread_barrier_t *barrier)
{
    ILV_DOOR(int, pthread_barrier_destroy(barrier), ilv__barrier_destroy(barrier));
}

int ilv_door_pthread_barrier_wait(pthread_barrier_t *barrier)
{
    ILV_DOOR(int, pthread_barrier_wait(barrier), ilv__barrier_wait(barrier));
}

int ilv_door_pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
    ILV_DOOR(int, pthread_spin_init(lock, shared), ilv__spin_init(lock, shared));
}

int ilv_door_pthread_spin_destroy(pthread_spinlock_t *lock)
{
    ILV_DOOR(int, pthread_spin_destroy(lock), ilv__spin_destroy(lock));
}

int ilv_door_pthread_spin_lock(pthread_spinlock_t *lock)
{
    ILV_DOOR(int, pthread_spin_lock(lock), ilv__spin_lock(lock));
}

int ilv_door_pthread_spin_trylock(pthread_spinlock_t *lock)
{
    ILV_DOOR(int, pthread_spin_trylock(lock), ilv__spin_trylock(lock));
}

int ilv_door_pthread_spin_unlock(pthread_spinlock_t *lock)
{
    ILV_DOOR(int, pthread_spin_unlock(lock), ilv__spin_unlock(lock));
}

int ilv_door_sem_init(sem_t *sem, int shared, unsigned value)
{
    ILV_DOOR_ERRNO(int, sem_init(sem, shared, value), ilv__sem_init(sem, shared, value));
}

int ilv_door_sem_destroy(sem_t *sem)
{
    ILV_DOOR_ERRNO(int, sem_destroy(sem), ilv__sem_destroy(sem));
}

int ilv_door_sem_wait(sem_t *sem)
{
    ILV_DOOR_ERRNO(int, sem_wait(sem), ilv__sem_wait(sem));
}

int ilv_door_sem_trywait(sem_t *sem)
{
    ILV_DOOR_ERRNO(int, sem_trywait(sem), ilv__sem_trywait(sem));
}

int ilv_door_sem_timedwait(sem_t *sem, const struct timespec *deadline)
{
    ILV_DOOR_ERRNO(int, sem_timedwait(sem, deadline),
                   ilv__sem_clockwait(sem, CLOCK_REALTIME, deadline));
}

int ilv_door_sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *deadline)
{
    ILV_DOOR_ERRNO(int, sem_clockwait(sem, clock, deadline),
                   ilv__sem_clockwait(sem, clock, deadline));
}

int ilv_door_sem_post(sem_t *sem)
{
    ILV_DOOR_ERRNO(int, sem_post(sem), ilv__sem_post(sem));
}

int ilv_door_sem_getvalue(sem_t *sem, int *value)
{
    ILV_DOOR_ERRNO(int, sem_getvalue(sem, value), ilv__sem_getvalue(sem, value));
}

static sem_t *open_modelled(const char *name, int flags, unsigned value)
{
    sem_t *sem = SEM_FAILED;
    ilv__enter();
    int error = ilv__sem_open(name, flags, value, &sem);
    ilv__exit();
    if (error != 0)
        errno = -error;
    return sem;
}

sem_t *ilv_door_sem_open(const char *name, int flags, ...)
{
    mode_t mode = 0;
    unsigned value = 0;
    if ((flags & O_CREAT) != 0) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        value = va_arg(rest, unsigned);
        va_end(rest);
    }
    if (!ilv__managed())
        return ilv__real()->sem_open(name, flags, mode, value);
    return open_modelled(name, flags, value);
}

int ilv_door_sem_close(sem_t *sem)
{
    ILV_DOOR_ERRNO(int, sem_close(sem), ilv__sem_close(sem));
}

int ilv_door_sem_unlink(const char *name)
{
    ILV_DOOR_ERRNO(int, sem_unlink(name), ilv__sem_unlink(name));
}

int ilv_door_pthread_once(pthread_once_t *control, void (*initialiser)(void))
{
    ILV_DOOR(int, pthread_once(control, initialiser), ilv__once(control, initialiser));
}

/* A program that brings its C++ runtime later has none to ask when the others are looked up; then
 * there is one thread only. */
int ilv_door___cxa_guard_acquire(uint64_t *guard)
{
    if (ilv__real()->__cxa_guard_acquire == NULL && !ilv__managed())
        return (*guard & 1) == 0;
    ILV_DOOR(int, __cxa_guard_acquire(guard), ilv__guard_acquire(guard));
}

static void end_guard(uint64_t *guard, bool done, void (*real)(uint64_t *guard))
{
    if (ilv__managed()) {
        ilv__enter();
        (done ? ilv__guard_release : ilv__guard_abort)(guard);
        ilv__exit();
    } else if (real != NULL) {
        real(guard);
    } else {
        *guard = done;
    }
}

void ilv_door___cxa_guard_release(uint64_t *guard)
{
    end_guard(guard, true, ilv__real()->__cxa_guard_release);
}

void ilv_door___cxa_guard_abort(uint64_t *guard)
{
    end_guard(guard, false, ilv__real()->__cxa_guard_abort);
}
