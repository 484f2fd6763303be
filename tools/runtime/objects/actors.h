/* SPDX-License-Identifier: MIT */
/*
 * actors.h: the fibers that a program says it has (__tsan_create_fiber, ...). Each is an actor of
 * its own in the race engine, whichever task runs it; a task begins as the actor of its own index.
 * A switch to a fiber orders what was done before it, by anyone who left the fiber or created it,
 * before what is done then; with flag 1 it does not.
 */
#ifndef ILV_ACTORS_H
#define ILV_ACTORS_H

#include "runtime.h"

/* Actors in the race engine: tasks, and so many fibers at once. */
#define ILV_FIBERS 64u
#define ILV_ACTORS (ILV_MAX_TASKS + ILV_FIBERS)

/* As their annotations. `theirs` is what a real sanitizer beneath calls the fiber, or 0. What is
 * returned stands for the fiber in the other calls: theirs, if there is one; 0 when there are too
 * many fibers, and then nothing is known of this one. */
uintptr_t ilv__actor_current(struct task *t, uint64_t theirs);
uintptr_t ilv__actor_made(struct task *t, uint64_t theirs);
void ilv__actor_gone(uint64_t fiber);
void ilv__actor_switch(struct task *t, uint64_t fiber, bool orders);

/* The task that runs an actor of the race engine, or ran it last. */
uint16_t ilv__actor_task(uint16_t actor);

#endif
