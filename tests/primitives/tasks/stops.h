/* SPDX-License-Identifier: MIT */
/*
 * stops.h: processes that several threads start and end, and places where a thread can be stopped
 * in the middle: handlers of fork, and calls of the system that stand here instead of libc's.
 */
#ifndef STOPS_H
#define STOPS_H

#include <ilv/process.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

/* What is set here is called once, by who comes there next: before a fork, in the forked child, in
 * getpid(), in opening a pidfd, in sending a signal by one, in a counted wake-up. */
extern void (*before_fork)(void);
extern void (*in_fork)(void);
extern void (*at_getpid)(void);
extern void (*at_signal)(void);
extern void (*at_open)(void);
extern void (*at_wake)(void);
extern __thread unsigned wakes_to_come; /* until at_wake is called; 0: never */
void set(void (**hook)(void), void (*function)(void));

/* As if the kernel had none, from the start on. */
extern bool without_pidfds;

/* What processes do: wait until the gate is opened and give 5, or give 3 at once. */
extern int gate[2];
int wait_at_gate(void *argument);
int end_at_once(void *argument);
void open_gate(void);

struct ilv_process *create(ilv_process_function *function, bool daemon);
struct ilv_process *run(ilv_process_function *function, bool daemon);

/* Joins and frees it; its exit code. */
int end_of(struct ilv_process *process);

/* One that waits at the gate, and two that are to be started; who prepared them. */
extern struct ilv_process *waiting;
extern struct ilv_process *first;
extern struct ilv_process *second;
extern pthread_t main_thread;
extern pid_t main_number;
void fork_hooks(void);
void prepare(void);

#endif
