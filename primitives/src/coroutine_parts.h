/* SPDX-License-Identifier: MIT */
/*
 * coroutine_parts.h: coroutines that a loop runs. Only the loop resumes such a task, and a task
 * leaves only through the loop; whichever coroutine it has sent to may do so in its name, and all
 * that wait for that one rest with it.
 */
#ifndef ILV_COROUTINE_PARTS_H
#define ILV_COROUTINE_PARTS_H

#include <ilv/coroutine.h>
#include <stdbool.h>

#pragma GCC visibility push(hidden)

/* As ilv_coroutine_create(), for a task. */
int ilv__coroutine_create_task(struct ilv_coroutine **task,
                               const struct ilv_coroutine_options *options,
                               ilv_coroutine_function *function, void *argument);

/* Goes on with a task, until it rests: true, or has ended: false. */
bool ilv__coroutine_enter(struct ilv_coroutine *task);

/* The caller, which is the task or a coroutine that it waits for, rests until it is entered
 * again. */
void ilv__coroutine_leave(struct ilv_coroutine *task);

/* Frees a task that is new or has ended. */
void ilv__coroutine_free_task(struct ilv_coroutine *task);

#pragma GCC visibility pop

#endif
