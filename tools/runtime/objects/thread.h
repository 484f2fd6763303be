/* SPDX-License-Identifier: MIT */
/*
 * thread.h: the model of threads: create, join, detach, exit. Results are 0 or an error number.
 */
#ifndef ILV_OBJECTS_THREAD_H
#define ILV_OBJECTS_THREAD_H

#include "runtime.h"

int ilv__thread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                       void *argument);
int ilv__thread_join(pthread_t thread, void **result, clockid_t clock,
                     const struct timespec *deadline);
int ilv__thread_tryjoin(pthread_t thread, void **result);
int ilv__thread_detach(pthread_t thread);
/* exit() was called or main returned: other tasks only go on where this one has to wait. */
void ilv__thread_exit_process(int status, bool by_exit);

#endif
