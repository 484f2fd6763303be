/* SPDX-License-Identifier: MIT */
/* Internal to primitives: waiting for descriptors, the seam of everything that blocks in the kernel
 * on one. Words are waited for in park.h. */
#ifndef ILV__DESCRIPTORS_H
#define ILV__DESCRIPTORS_H

#include <poll.h>
#include <stddef.h>
#include <time.h>

/* Waits until one is ready: 0, ETIMEDOUT at the deadline (NULL: for ever), or what poll() says.
 * Goes on after signals. A deadline that has passed looks once. */
int ilv__poll(struct pollfd *descriptors, size_t count, const struct timespec *deadline);

/* The same for one descriptor and one kind of event. */
int ilv__poll_one(int descriptor, short events, const struct timespec *deadline);

/* Looks only: 0 if it is ready, EAGAIN if not. */
int ilv__poll_now(int descriptor, short events);

#endif
