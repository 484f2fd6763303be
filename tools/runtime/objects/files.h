/* SPDX-License-Identifier: MIT */
/*
 * files.h: the models of system calls that make, copy, close and change descriptors. See
 * channel.h for what they take and return.
 */
#ifndef ILV_OBJECTS_FILES_H
#define ILV_OBJECTS_FILES_H

#include "runtime.h"

long ilv__sys_openat(const long *arguments);
long ilv__sys_openat2(const long *arguments);
long ilv__sys_close(const long *arguments);
long ilv__sys_close_range(const long *arguments);
long ilv__sys_dup(const long *arguments);
long ilv__sys_dup2(const long *arguments);
long ilv__sys_dup3(const long *arguments);
long ilv__sys_fcntl(const long *arguments);
long ilv__sys_ioctl(const long *arguments);
long ilv__sys_pipe2(const long *arguments);
long ilv__sys_socketpair(const long *arguments);
long ilv__sys_eventfd2(const long *arguments);
long ilv__sys_flock(const long *arguments);

#endif
