/* SPDX-License-Identifier: MIT */
/* steps.h: what tests share: a loop, what its tasks said in order, and times. */
#ifndef STEPS_H
#define STEPS_H

#include <ilv/deadline.h>
#include <ilv/loop.h>

#include "../sanitizers.h"
#include "ilv_test.h"

/* The test's loop, made when it is first asked for. */
struct ilv_loop *the_loop(void);

/* A task of it. */
struct ilv_task *task_of(ilv_task_function *function, void *argument);

/* Runs it, which gives `expected`. */
void run(int expected);

/* Frees a task that has ended, with this outcome; frees the loop. */
void end_task(struct ilv_task *task, int outcome);
void end_loop(void);

/* One more letter; and all that were said. */
void say(char letter);
extern char said[2048];

/* A time that has passed, and one that no test lives to see; three that cannot be. */
extern const struct timespec long_ago;
extern const struct timespec far_away;
extern const struct timespec impossible[3];

#endif
