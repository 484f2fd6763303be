/* SPDX-License-Identifier: MIT */
/*
 * descriptor.h: what the runtime knows of the program's file descriptors.
 *
 * Descriptors are the kernel's own. Beside each stands what it leads to: a channel between the
 * program's tasks, a file that never blocks, the captured output, something outside the program.
 * A descriptor that was not made through a door is classified when it is used first.
 */
#ifndef ILV_OBJECTS_DESCRIPTOR_H
#define ILV_OBJECTS_DESCRIPTOR_H

#include "runtime.h"

enum ilv_descriptor_kind {
    ILV_FD_UNKNOWN, /* not looked at yet, or not open */
    ILV_FD_FILE,    /* never blocks */
    ILV_FD_CHANNEL, /* its peers are tasks of this program */
    ILV_FD_OUTPUT,  /* the program's output: kept, never written */
    ILV_FD_RANDOM,  /* a source of chance: the same bytes in every run */
    ILV_FD_OUTSIDE, /* its peer is not in this program */
    ILV_FD_HIDDEN   /* the runtime's own: closed for the program */
};

enum {
    ILV_FD_SOCKET = 1 << 0,
    ILV_FD_EPOLL = 1 << 1,
    ILV_FD_PIPE = 1 << 2,
    ILV_FD_SYSTEM = 1 << 3 /* a file of /proc or /sys: no task's business, reading is no step */
};

struct descriptor {
    uint8_t kind;           /* enum ilv_descriptor_kind */
    uint8_t flags;          /* ILV_FD_SOCKET, ... */
    uint32_t object;        /* CHANNEL or FILE; 0 until it is needed */
    uint64_t receive_limit; /* SO_RCVTIMEO, SO_SNDTIMEO in nanoseconds; 0 = none */
    uint64_t send_limit;
};

/* What stands beside fd, classified. Never NULL; UNKNOWN for one that is not open. What it
 * points to is overwritten by the next call for descriptors beyond the table. */
struct descriptor *ilv__descriptor(int fd);

/* A new object of class CHANNEL or FILE that has no place in memory. */
uint32_t ilv__descriptor_object(unsigned cls);

/* The object of a descriptor, made if it has none; 0 for what needs none. */
uint32_t ilv__descriptor_object_of(int fd);

/* fd was made by the running task and leads to this. */
void ilv__descriptor_set(int fd, unsigned kind, unsigned flags, uint32_t object);

/* copy leads now to what fd leads to. */
void ilv__descriptor_copy(int fd, int copy);

/* fd is closed. */
void ilv__descriptor_forget(int fd);

/* fd belongs to the runtime. */
void ilv__descriptor_hide(int fd);
bool ilv__descriptor_hidden(int fd);

#endif
