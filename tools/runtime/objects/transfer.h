/* SPDX-License-Identifier: MIT */
/*
 * transfer.h: the models of all system calls that move bytes through descriptors. See channel.h
 * for what they take and return.
 */
#ifndef ILV_OBJECTS_TRANSFER_H
#define ILV_OBJECTS_TRANSFER_H

#include "runtime.h"

/* read, readv, pread64, preadv, preadv2 / write, ...: the call itself is `number`. */
long ilv__read(long number, const long *arguments);
long ilv__write(long number, const long *arguments);

/* recvfrom and recvmsg. */
long ilv__receive(long number, const long *arguments);
long ilv__sendto(const long *arguments);
long ilv__sendmsg(const long *arguments);
long ilv__recvmmsg(const long *arguments);
long ilv__sendmmsg(const long *arguments);

/* sendfile, splice, tee, vmsplice, copy_file_range: only between files that never block. */
long ilv__between(long number, const long *arguments, bool first, bool second);

#endif
