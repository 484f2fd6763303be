/* SPDX-License-Identifier: MIT */
/*
 * cond.h: the model of pthread_cond_t.
 *
 * All return 0 or an error number as POSIX has them. A wait publishes two operations (it lets
 * the mutex go and sleeps; it wakes and takes the mutex again), the others one each.
 */
#ifndef ILV_OBJECTS_COND_H
#define ILV_OBJECTS_COND_H

#include "runtime.h"

int ilv__cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes);
/* Waits until no task sleeps on it any more, as glibc does. */
int ilv__cond_destroy(pthread_cond_t *cond);
int ilv__cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex);
/* With the clock that the condition was made with. */
int ilv__cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                        const struct timespec *deadline);
int ilv__cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
                        const struct timespec *deadline);
/* The values of these steps are the numbers of tasks that were woken. */
int ilv__cond_signal(pthread_cond_t *cond);
int ilv__cond_broadcast(pthread_cond_t *cond);

#endif
