/* SPDX-License-Identifier: MIT */
/*
 * condition.h: waiting until something about shared data is true.
 *
 * A condition goes with a mutex that guards the data. Who waits gives up the mutex, sleeps until
 * somebody notifies, and takes the mutex again; who changes the data notifies, with the mutex held
 * or after having given it up. A wait may return without a notification, so it stands in a loop:
 *
 *     ilv_mutex_lock(&m);
 *     while (queue_is_empty())
 *         if ((error = ilv_condition_wait(&c, &m)) != 0) ...    EOWNERDEAD: the mutex is held
 *     take();
 *     ilv_mutex_unlock(&m);
 *
 *     ilv_mutex_lock(&m);
 *     put();
 *     ilv_mutex_unlock(&m);
 *     ilv_condition_notify_one(&c);
 *
 * The same type works between threads and, in shared memory, between processes; all zero is
 * valid. One condition may be used with several mutexes, one at a time; a notification of which
 * the change was made under one mutex is seen by those who wait with that mutex.
 *
 * Promises. Who began to wait before a change was made (under the mutex) is among those whom
 * the notification after the change may wake; none is lost. notify_one wakes at least one of
 * them if there is one, notify_all wakes all. Which one is not promised.
 *
 * Death. A killed waiter takes nothing along: a notification that it swallowed is made up for,
 * because in shared memory every wait returns by itself after at most 100 ms, with 0 and the mutex
 * held, and the loop looks again. The same saves those who wait when a notifier is killed between
 * its change and its notification. If a holder of the mutex dies, wait returns EOWNERDEAD with the
 * mutex held, as ilv_mutex_lock does. Inside one process, where nobody is killed alone, wait does
 * not return by itself. The condition has no state that a death could damage.
 *
 * Order of memory: that of the mutex; the condition adds none.
 */
#ifndef ILV_CONDITION_H
#define ILV_CONDITION_H

#include <ilv/mutex.h>
#include <ilv/rlock.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Valid when all zero. The fields are the library's. */
struct ilv_condition {
    uint32_t changes; /* notifications so far; the word on which waiters park */
    uint32_t waiters; /* at least as many as there are; a killed one stays counted */
    uint32_t reach;
    uint32_t spare;
};

#define ILV_CONDITION_INIT \
    {                      \
        .changes = 0       \
    }

/*
 * Gives up the mutex, waits to be notified, takes the mutex again. Precondition: the caller holds
 * the mutex, once. 0: notified, or for no reason; the mutex is held. EOWNERDEAD: the same, and a
 * holder died; repair and make the mutex consistent. ENOTRECOVERABLE: the mutex is lost and not
 * held. EPERM: the caller does not hold the mutex; EINVAL: NULL, or a mutex that cannot be used;
 * nothing was done. Is no cancellation point.
 */
int ilv_condition_wait(struct ilv_condition *condition, struct ilv_mutex *mutex);

/* The same until a deadline: ETIMEDOUT, with the mutex held. Taking the mutex again is not bounded
 * by the deadline. If a holder died as well, EOWNERDEAD is given. EINVAL also for a deadline
 * that cannot be. A deadline that has passed gives up the mutex and takes it again. */
int ilv_condition_wait_until(struct ilv_condition *condition, struct ilv_mutex *mutex,
                             const struct timespec *deadline);

/* The same two for a mutex that one thread may hold several times: all its holds are given
 * up and taken again. */
int ilv_condition_wait_rlock(struct ilv_condition *condition, struct ilv_rlock *rlock);
int ilv_condition_wait_rlock_until(struct ilv_condition *condition, struct ilv_rlock *rlock,
                                   const struct timespec *deadline);

/* Wakes one waiter, if there is one. EINVAL: NULL. Never blocks; a system call only if
 * somebody may wait. */
int ilv_condition_notify_one(struct ilv_condition *condition);

/* Wakes all who wait. EINVAL: NULL. Never blocks. */
int ilv_condition_notify_all(struct ilv_condition *condition);

#ifdef __cplusplus
}
#endif

#endif
