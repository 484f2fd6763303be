/* SPDX-License-Identifier: MIT */
/*
 * socket.h: the models of system calls on sockets, but for moving bytes (transfer.h). See
 * channel.h for what they take and return.
 */
#ifndef ILV_OBJECTS_SOCKET_H
#define ILV_OBJECTS_SOCKET_H

#include "runtime.h"

long ilv__sys_socket(const long *arguments);
long ilv__sys_bind(const long *arguments);
long ilv__sys_listen(const long *arguments);
long ilv__sys_connect(const long *arguments);
long ilv__sys_accept4(const long *arguments);
long ilv__sys_shutdown(const long *arguments);
long ilv__sys_setsockopt(const long *arguments);
long ilv__sys_getsockname(const long *arguments);
long ilv__sys_getpeername(const long *arguments);

#endif
