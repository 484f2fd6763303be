/* SPDX-License-Identifier: MIT */
/*
 * stdio_lock.h: the model of a stream's lock: flockfile and its kin.
 */
#ifndef ILV_OBJECTS_STDIO_LOCK_H
#define ILV_OBJECTS_STDIO_LOCK_H

#include <stdio.h>

#include "runtime.h"

/* One operation each, as on a recursive mutex. Called inside a door. */
void ilv__stdio_lock(FILE *stream);
int ilv__stdio_trylock(FILE *stream); /* 0 or EBUSY */
/* True: somebody sleeps on the lock's word in libc; it has to be woken (by a FUTEX_WAKE that
 * passes the doors) when the door is left. */
bool ilv__stdio_unlock(FILE *stream);

/* The word of a stream's lock. */
int *ilv__stdio_word(FILE *stream);

/* libc woke a sleeper of this word itself: tasks that wait for the stream look again. For the
 * model of futexes. */
void ilv__stdio_lock_touched(const void *word);

#endif
