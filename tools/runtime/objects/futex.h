/* SPDX-License-Identifier: MIT */
/*
 * futex.h: the model of futex(2): sleeping on a word until somebody wakes it. glibc's own locks
 * (of stdio and malloc), libgomp, std::future and std::atomic::wait stand on it.
 */
#ifndef ILV_OBJECTS_FUTEX_H
#define ILV_OBJECTS_FUTEX_H

#include "runtime.h"

/* futex(2) with its six arguments as they are. Returns what it returns, or -errno. Publishes one
 * operation (FUTEX_WAIT with a value that is there: two). The priority inheriting commands end
 * the run as limited. */
long ilv__futex(uint32_t *word, int command, uint32_t value, const struct timespec *timeout,
                uint32_t *word2, uint32_t value3);

#endif
