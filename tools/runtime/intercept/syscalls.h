/* SPDX-License-Identifier: MIT */
/*
 * syscalls.h: what the sandbox does with each system call. One table (syscalls.def) serves the
 * trap and the doors of libc's functions alike.
 */
#ifndef ILV_SYSCALLS_H
#define ILV_SYSCALLS_H

#include "runtime.h"

#define ILV_SYSCALLS_END 512

/* Carries out the system call `number` for the running task, with six arguments. Returns the
 * value or -errno. Does not return for calls that end the run. In a door, between ilv__enter()
 * and ilv__exit(). May block as the call does: other tasks run. */
long ilv__syscall_model(long number, const long *arguments);

/* As above, with the arguments one by one. */
long ilv__syscall(long number, long a, long b, long c, long d, long e, long f);

/* Whether a call with this number must be met before it is made (else it can be let through). */
bool ilv__syscall_trapped(uint32_t number);

#endif
