/* SPDX-License-Identifier: MIT */
/*
 * poll.h: the models of poll, select and epoll: waiting on several descriptors at once. See
 * channel.h for what they take and return. Arguments are those of the system calls.
 */
#ifndef ILV_OBJECTS_POLL_H
#define ILV_OBJECTS_POLL_H

#include "runtime.h"

long ilv__sys_poll(const long *arguments);
long ilv__sys_ppoll(const long *arguments);
long ilv__sys_select(const long *arguments);
long ilv__sys_pselect6(const long *arguments);

long ilv__sys_epoll_create1(const long *arguments);
long ilv__sys_epoll_ctl(const long *arguments);
long ilv__sys_epoll_wait(const long *arguments);
long ilv__sys_epoll_pwait(const long *arguments);
long ilv__sys_epoll_pwait2(const long *arguments);

/* The deadline of a wait of so many milliseconds: 0 for none (negative). */
uint64_t ilv__poll_deadline(int milliseconds);

/* The signal mask of the running task for the time of a wait; set may be NULL. Returns what
 * ilv__poll_unmask() takes. */
uint64_t ilv__poll_mask(const uint64_t *set);
void ilv__poll_unmask(uint64_t before);

#endif
