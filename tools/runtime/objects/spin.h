/* SPDX-License-Identifier: MIT */
/*
 * spin.h: the model of pthread_spinlock_t. All return 0 or an error number, and publish one
 * operation each. A task that spins for a lock is blocked: it takes no steps.
 */
#ifndef ILV_OBJECTS_SPIN_H
#define ILV_OBJECTS_SPIN_H

#include "runtime.h"

int ilv__spin_init(pthread_spinlock_t *lock, int shared);
int ilv__spin_destroy(pthread_spinlock_t *lock);
int ilv__spin_lock(pthread_spinlock_t *lock);
int ilv__spin_trylock(pthread_spinlock_t *lock);
int ilv__spin_unlock(pthread_spinlock_t *lock);

#endif
