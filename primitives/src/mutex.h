/* SPDX-License-Identifier: MIT */
/*
 * mutex.h of src/: a robust pthread mutex that is made by its first user.
 *
 * The library's locks stand on glibc's robust mutexes: the kernel gives up what a dead thread held,
 * and detectors know who holds what. A robust mutex has no static initialiser; ours are zero. The
 * first who finds the state 0 writes the word that pthread_mutex_init would write, and then READY:
 *
 *   state      meaning                         who may go on
 *   0          never used, all words zero      whoever comes writes the kind, then READY
 *   READY      a mutex                         all
 *   anything   destroyed, or never a mutex     nobody: EINVAL
 *
 * Writing has no owner, so that a death in the middle leaves nothing to wait for. It may be done
 * by several at a time and by one who was late, while others lock already: everybody writes the
 * same into __kind, which glibc never changes. READY is released after it and acquired before use.
 */
#ifndef ILV_MUTEX_INTERNAL_H
#define ILV_MUTEX_INTERNAL_H

#include <errno.h>
#include <ilv/mutex.h>

#include "internal.h"
#include "robust.h"

#pragma GCC visibility push(hidden)

#define ILV__READY 0x6d757478U
#define ILV__DESTROYED 0x64656164U

/* What to do when the state is not READY: makes a mutex of the type (PTHREAD_MUTEX_ERRORCHECK or
 * PTHREAD_MUTEX_RECURSIVE) and gives 0, or EINVAL. */
int ilv__mutex_first_use(struct ilv_mutex *mutex, int type);

/* 0 if the mutex may be used, else EINVAL. */
static inline int ilv__mutex_ready(struct ilv_mutex *mutex, int type)
{
    if (ilv__likely(mutex != NULL &&
                    __atomic_load_n(&mutex->state, __ATOMIC_ACQUIRE) == ILV__READY))
        return 0;
    return ilv__mutex_first_use(mutex, type);
}

/* This process is the child of a fork. Written by the fork's handler. */
extern bool ilv__forked;

/* Takes the mutex from a thread that this process does not have; see inherited.c. */
void ilv__mutex_disinherit(struct ilv_mutex *mutex);

/* To be called before each attempt to lock that needs the word to be true: not before one that
 * takes free mutexes only. */
static inline void ilv__mutex_before_lock(struct ilv_mutex *mutex)
{
    if (ilv__unlikely(ilv__forked) &&
        __atomic_load_n(&mutex->lock.__data.__lock, __ATOMIC_RELAXED) != 0)
        ilv__mutex_disinherit(mutex);
}

/* Nobody watches locks, no detector and not our sandbox: they need not see each. False until the
 * library's constructor has asked. */
extern bool ilv__unwatched;

/* Taking and leaving one that is ready. A free one is taken without a call, see robust.h. */
int ilv__mutex_try(struct ilv_mutex *mutex);

/* The same for one who did not get it so: looks at it so many times before it sleeps. */
int ilv__mutex_lock_slowly(struct ilv_mutex *mutex, int looks);

static inline int ilv__mutex_lock(struct ilv_mutex *mutex)
{
    return ilv__likely(ilv__robust_lock(&mutex->lock)) ? 0 : ilv__mutex_lock_slowly(mutex, 1);
}

/* The same for what is held for so short that its holder, on another processor, is done sooner than
 * a sleep and a wake-up take: it looks for a moment before it sleeps. Who holds it for next to
 * nothing had better not: two who look take the word away from each other. */
static inline int ilv__mutex_lock_soon(struct ilv_mutex *mutex)
{
    enum { LOOKS = 64 };
    return ilv__likely(ilv__robust_lock(&mutex->lock)) ? 0 : ilv__mutex_lock_slowly(mutex, LOOKS);
}

static inline int ilv__mutex_unlock(struct ilv_mutex *mutex)
{
    return ilv__likely(ilv__robust_unlock(&mutex->lock)) ? 0 : pthread_mutex_unlock(&mutex->lock);
}

/* What glibc has in __kind of a robust, process-shared mutex of the type. */
int ilv__mutex_kind(int type);

/* The functions of the public header for both types. */
int ilv__mutex_destroy(struct ilv_mutex *mutex, int type);
int ilv__mutex_lock_until(struct ilv_mutex *mutex, const struct timespec *deadline, int type);

/* The library's own use of its own mutexes: takes it; true if the holder before it died, whose
 * work the caller now repairs, and makes the mutex consistent. Aborts where a mutex of ours gives
 * any other error: our invariants are broken. */
bool ilv__mutex_take(struct ilv_mutex *mutex);
void ilv__mutex_leave(struct ilv_mutex *mutex);

#pragma GCC visibility pop

#endif
