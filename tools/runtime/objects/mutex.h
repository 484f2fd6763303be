/* SPDX-License-Identifier: MIT */
/*
 * mutex.h: the model of pthread_mutex_t, and what other models need of it.
 *
 * All return 0 or an error number as POSIX has them, and publish one operation each.
 */
#ifndef ILV_OBJECTS_MUTEX_H
#define ILV_OBJECTS_MUTEX_H

#include "runtime.h"

int ilv__mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes);
int ilv__mutex_destroy(pthread_mutex_t *mutex);
/* deadline: NULL for none; a wait that passes it gives up with ETIMEDOUT. */
int ilv__mutex_lock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *deadline);
int ilv__mutex_trylock(pthread_mutex_t *mutex);
int ilv__mutex_unlock(pthread_mutex_t *mutex);
int ilv__mutex_consistent(pthread_mutex_t *mutex);

/* For condition waits. The object of a mutex, made if it is new. */
uint32_t ilv__mutex_object(pthread_mutex_t *mutex);
/* Lets it go once, as unlock does. Returns how often it is still held, or -EPERM. No step. */
int ilv__mutex_release(uint32_t object);
/* Whether it could be taken by t now. */
bool ilv__mutex_free_for(uint32_t object, const struct task *t);
/* Takes it `depth` times for the running task; it must be free. 0 or EOWNERDEAD. No step. */
int ilv__mutex_take(uint32_t object, uint32_t depth);
/* t has ended: what it held stays held for ever, or is EOWNERDEAD for robust mutexes. */
void ilv__mutex_owner_ended(const struct task *t);

#endif
