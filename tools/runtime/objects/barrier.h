/* SPDX-License-Identifier: MIT */
/*
 * barrier.h: the model of pthread_barrier_t. All return 0 or an error number as POSIX has them.
 */
#ifndef ILV_OBJECTS_BARRIER_H
#define ILV_OBJECTS_BARRIER_H

#include "runtime.h"

int ilv__barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes,
                      unsigned count);
/* Waits until all who arrived have left, as glibc does. */
int ilv__barrier_destroy(pthread_barrier_t *barrier);
/* PTHREAD_BARRIER_SERIAL_THREAD for the last to arrive, 0 for the others. Those publish a second
 * operation, to leave. */
int ilv__barrier_wait(pthread_barrier_t *barrier);

#endif
