/* SPDX-License-Identifier: MIT */
/*
 * names.h: names that the whole machine shares, renamed for each run: ports on the loopback
 * interface, abstract sockets, POSIX shared memory and semaphores, message queues, System V keys.
 * The program sees the names that it chose; runs side by side do not meet. No steps.
 */
#ifndef ILV_OBJECTS_NAMES_H
#define ILV_OBJECTS_NAMES_H

#include <sys/socket.h>

#include "runtime.h"

#define ILV_NAME_MAX 512
#define ILV_TAG_SIZE 16

/* The tag of the run in the process pid: 12 characters and an end. */
const char *ilv__name_tag(uint32_t pid, char out[ILV_TAG_SIZE]);

/* The address that stands for what the program names, in *room if it differs; *size follows. */
void *ilv__name_inward(int fd, const void *address, socklen_t *size, struct sockaddr_storage *room);
/* The address that the kernel names, turned back in place. */
void ilv__name_outward(int fd, void *address, socklen_t *size);
/* Binds a socket to an address of the program's. Returns 0 or -errno. */
long ilv__name_bind(int fd, const void *address, socklen_t size);
/* Whether an address leads out of this program. */
bool ilv__name_outside(const void *address, socklen_t size);

/* The path in /dev/shm that stands for this one: in renamed if it differs, else path itself. */
const char *ilv__name_path(const char *path, char renamed[ILV_NAME_MAX]);
/* The same for the name of a message queue. */
const char *ilv__name_queue(const char *name, char renamed[ILV_NAME_MAX]);
/* The System V key. */
long ilv__name_key(long key);

#endif
