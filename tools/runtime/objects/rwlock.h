/* SPDX-License-Identifier: MIT */
/*
 * rwlock.h: the model of pthread_rwlock_t. All return 0 or an error number as glibc has them,
 * and publish one operation each.
 */
#ifndef ILV_OBJECTS_RWLOCK_H
#define ILV_OBJECTS_RWLOCK_H

#include "runtime.h"

int ilv__rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes);
int ilv__rwlock_destroy(pthread_rwlock_t *lock);
/* deadline: NULL for none; a wait that passes it gives up with ETIMEDOUT. */
int ilv__rwlock_rdlock(pthread_rwlock_t *lock, clockid_t clock, const struct timespec *deadline);
int ilv__rwlock_wrlock(pthread_rwlock_t *lock, clockid_t clock, const struct timespec *deadline);
int ilv__rwlock_tryrdlock(pthread_rwlock_t *lock);
int ilv__rwlock_trywrlock(pthread_rwlock_t *lock);
int ilv__rwlock_unlock(pthread_rwlock_t *lock);

#endif
