/* SPDX-License-Identifier: MIT */
/*
 * cancel.h: cancellation of threads, and what else a program may ask of a thread. Results are 0
 * or an error number.
 *
 * A cancellation reaches a task as a signal would (ILV_CANCEL_SIGNAL): at a cancellation point it
 * ends the wait with ILV_INTERRUPT, so that the model can put its object in order (a condition
 * wait takes its mutex again); when the door is left, ilv__exit() acts on it: the real
 * pthread_exit runs clean-up handlers and destructors. The real pthread_cancel is never called.
 */
#ifndef ILV_OBJECTS_CANCEL_H
#define ILV_OBJECTS_CANCEL_H

#include <sched.h>

#include "runtime.h"

int ilv__cancel(pthread_t thread);
int ilv__cancel_set_state(int state, int *old);
int ilv__cancel_set_type(int type, int *old);
/* A cancellation point of its own. */
void ilv__cancel_test(void);
/* The thread ends: no cancellation any more. No step. */
void ilv__cancel_close(void);

/* A pending cancellation could reach t at its published operation. No step. */
bool ilv__cancel_reaches(const struct task *t);
/* It does: whether the wait ends; does not return where no model could put things in order
 * (asynchronous cancellation outside cancellation points). */
bool ilv__cancel_interrupts(struct task *t);
void ilv__cancel_inherit(struct task *child, const struct task *parent);

/* ---- thread.c's smaller siblings (objects/attributes.c): no steps ------------------------- */

int ilv__thread_attributes(pthread_t thread, pthread_attr_t *attributes);
int ilv__thread_set_name(pthread_t thread, const char *name);
int ilv__thread_name(pthread_t thread, char *name, size_t size);
int ilv__thread_set_affinity(pthread_t thread, size_t size, const cpu_set_t *cpus);
int ilv__thread_affinity(pthread_t thread, size_t size, cpu_set_t *cpus);
int ilv__thread_set_scheduling(pthread_t thread, int policy, int priority);
int ilv__thread_scheduling(pthread_t thread, int *policy, struct sched_param *parameters);
int ilv__thread_clock(pthread_t thread, clockid_t *clock);

#endif
