/* SPDX-License-Identifier: MIT */
/*
 * semaphore.h: the model of sem_t, unnamed and named. Functions return 0 or -errno and publish
 * one operation each.
 */
#ifndef ILV_OBJECTS_SEMAPHORE_H
#define ILV_OBJECTS_SEMAPHORE_H

#include <semaphore.h>

#include "runtime.h"

int ilv__sem_init(sem_t *sem, int shared, unsigned value);
int ilv__sem_destroy(sem_t *sem);
/* -EINTR when a signal handler ran, as glibc has it. */
int ilv__sem_wait(sem_t *sem);
int ilv__sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *deadline);
int ilv__sem_trywait(sem_t *sem);
int ilv__sem_post(sem_t *sem);
int ilv__sem_getvalue(sem_t *sem, int *value);

/* Named semaphores are the run's own: no other run and no other program sees them, and nothing
 * is left of them. value is looked at when the semaphore is made. */
int ilv__sem_open(const char *name, int flags, unsigned value, sem_t **sem);
int ilv__sem_close(sem_t *sem);
int ilv__sem_unlink(const char *name);

#endif
