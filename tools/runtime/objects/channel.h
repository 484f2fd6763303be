/* SPDX-License-Identifier: MIT */
/*
 * channel.h: pipes, sockets, event counters: what tasks of one program wait on through
 * descriptors. The kernel keeps the bytes; the runtime sees to it that the process never blocks.
 *
 * Models are named after their system call, ilv__sys_<name>, take its six arguments and return
 * what it returns, or -errno. They publish one operation (a large write: one for each part).
 */
#ifndef ILV_OBJECTS_CHANNEL_H
#define ILV_OBJECTS_CHANNEL_H

#include <sys/socket.h>

#include "objects/descriptor.h"

/* A wait on one descriptor. */
struct channel_wait {
    uint16_t kind;  /* enum ilv_event: CHANNEL_READ, CHANNEL_WRITE */
    int16_t events; /* POLLIN, POLLOUT */
    int fd;         /* in: the descriptor; out: the one to use, if it was closed meanwhile */
    int held;       /* out: to be given to ilv__channel_release(); 0 = none */
    bool block;     /* false: the call comes back at once, ready or not */
    uint64_t size;
    uint64_t deadline; /* 0 = none */
    uint64_t stalled;  /* ready or not, nothing is to be tried before something changes; 0 = no */
};

/* Publishes and waits. After ILV_GO and the call itself: ilv__channel_done(). */
enum outcome ilv__channel_wait(struct channel_wait *wait);
/* Closes the step with a value or -errno, which it returns; looks again at all who wait. */
long ilv__channel_done(long result);
void ilv__channel_release(const struct channel_wait *wait);

/* What descriptors are ready for may have changed: all tasks that wait on some look again. */
void ilv__channels_changed(void);
/* How often that was called: for channel_wait.stalled. */
uint64_t ilv__channels_changes(void);

/* Tasks that wait on fd keep what it leads to, as in the kernel: fd is about to be closed. */
void ilv__channel_keep(int fd);

/* Whether the call has to wait for its turn: neither O_NONBLOCK nor MSG_DONTWAIT. */
bool ilv__channel_blocks(int fd, int message_flags);

/* -EAGAIN or -EINTR after a wait that gave up. */
long ilv__channel_gave_up(enum outcome outcome);

/* For waits on several descriptors (poll.c): whether the operation of the task in `published`
 * has to do with the outside; read by ilv__outside_wait(). */
enum { ILV_WAIT_OUTSIDE = 5 }; /* index into task->scratch */

/* Puts O_NONBLOCK on fd, makes the call, and takes it off again. */
long ilv__channel_try(int fd, long number, const long *arguments);

#endif
