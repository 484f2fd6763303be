/* SPDX-License-Identifier: MIT */
/*
 * identity.h: what a program sees of itself and of the machine, the same in every run: process
 * and thread numbers, processors, chance. See channel.h for what models of system calls take and
 * return. No steps: nothing here can be changed by another task.
 */
#ifndef ILV_OBJECTS_IDENTITY_H
#define ILV_OBJECTS_IDENTITY_H

#include "runtime.h"

/* ilv__virtual_pid() and ilv__virtual_tid() stand in runtime.h. */

/* The number of processors that the program sees. */
unsigned ilv__virtual_cpus(void);

/* Bytes of chance for the running task: the same ones in every run. */
void ilv__random_bytes(void *to, size_t size);

long ilv__sys_getpid(const long *arguments);
long ilv__sys_gettid(const long *arguments);
long ilv__sys_getppid(const long *arguments);
long ilv__sys_getpgid(const long *arguments);
long ilv__sys_getpgrp(const long *arguments);
long ilv__sys_getsid(const long *arguments);
long ilv__sys_getcpu(const long *arguments);
long ilv__sys_sched_getaffinity(const long *arguments);
long ilv__sys_sched_setaffinity(const long *arguments);
long ilv__sys_getrandom(const long *arguments);

/* sysconf: the value if it is virtual, else -1. */
long ilv__virtual_sysconf(int name);

#endif
