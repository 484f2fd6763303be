/* SPDX-License-Identifier: MIT */
/*
 * steps.h: processes that are killed after an exact number of instructions.
 *
 *     for (unsigned long k = 0; !kill_after(k, operation, argument); k += stride)
 *         look_at_what_it_left();
 *
 * The operation runs in a forked child that is traced, k instructions far, where a system call is
 * one instruction; then the child is killed with SIGKILL and reaped. No clock is involved: the same
 * k kills at the same place. What is told is whether the operation was over before.
 */
#ifndef STEPS_H
#define STEPS_H

#include <stdbool.h>
#include <sys/types.h>

/* What each child does before its instructions count. */
void prepare_by(void (*function)(void));

bool kill_after(unsigned long k, void (*operation)(void *argument), void *argument);

/* How many instructions the operation has, alone. Skips the test where nothing can be traced. */
unsigned long count_steps(void (*operation)(void *argument), void *argument);

/* A stride that looks at all of so many instructions, or at an even spread of the most. */
unsigned long stride_of(unsigned long steps, unsigned long most);

/* Waits until the process sleeps in the kernel, as a look at /proc tells several times. */
void await_sleeping(pid_t pid);

#endif
