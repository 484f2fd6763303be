/* SPDX-License-Identifier: MIT */
/*
 * leftovers.h: what a run makes that outlives its process: shared memory and semaphores with a
 * name, message queues, System V objects. The run notes them, the server removes them.
 */
#ifndef ILV_OBJECTS_LEFTOVERS_H
#define ILV_OBJECTS_LEFTOVERS_H

#include "runtime.h"

enum ilv_leftover { ILV_LEFT_SHM, ILV_LEFT_SEM, ILV_LEFT_MSG, ILV_LEFT_KINDS };

/* In a run: a System V object was made or found. */
void ilv__leftover_id(enum ilv_leftover kind, int id);
/* A message queue with this (renamed) name. */
void ilv__leftover_queue(const char *name);
/* Something in /dev/shm with the tag of the run. */
void ilv__leftover_path(void);

/* In the server, before the first run. */
void ilv__leftovers_prepare(void);
/* In the server, after the run's process has ended. Allocates nothing. */
void ilv__leftovers_remove(int pid);

#endif
