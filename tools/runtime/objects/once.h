/* SPDX-License-Identifier: MIT */
/*
 * once.h: the model of what is done once: pthread_once, C11 call_once, and the guards of static
 * variables in C++ functions. Each publishes an operation to begin (possible while nobody else
 * is at it) and, by whoever does it, one when it is done or has given up.
 */
#ifndef ILV_OBJECTS_ONCE_H
#define ILV_OBJECTS_ONCE_H

#include "runtime.h"

/* Called inside a door; the initialiser runs outside of it. Always 0. */
int ilv__once(int *control, void (*initialiser)(void));

/* 1: the caller initialises and then calls release or abort; 0: it is done. */
int ilv__guard_acquire(uint64_t *guard);
void ilv__guard_release(uint64_t *guard);
void ilv__guard_abort(uint64_t *guard);

#endif
