/* SPDX-License-Identifier: MIT */
/*
 * deadline.h: points in time at which the timed forms give up.
 *
 * Everything that can block has a form ..._until with a deadline: an absolute time of
 * CLOCK_MONOTONIC. An absolute time stays right in a loop that waits again, and nobody who sets
 * the clock of the day can move it. NULL is for ever. A deadline that has passed is legal: the call
 * does what it can do at once, and else gives ETIMEDOUT. A negative time, or one with
 * nanoseconds outside 0 to 999,999,999, is EINVAL, always, also when nothing would have blocked.
 *
 *     struct timespec deadline = ilv_deadline_in(250 * ILV_MILLISECOND);
 *     if (ilv_mutex_lock_until(&m, &deadline) == ETIMEDOUT) ...
 */
#ifndef ILV_DEADLINE_H
#define ILV_DEADLINE_H

#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ILV_MILLISECOND INT64_C(1000000)
#define ILV_SECOND INT64_C(1000000000)

/* The time that many nanoseconds from now. Less than 0 gives a time that has passed; what is too
 * far for the clock to say gives the last time that it can say. Never blocks, never fails. */
struct timespec ilv_deadline_in(int64_t nanoseconds);

#ifdef __cplusplus
}
#endif

#endif
