/* SPDX-License-Identifier: MIT */
/*
 * clock.h: the virtual clock. All clocks of a program are one count of nanoseconds since the
 * start of the run (world.time), seen from different bases: the calendar begins on 2000-01-01,
 * the monotonic clocks at 1000 s after boot, CPU clocks at zero. Every step takes a fixed time;
 * when all tasks wait, the clock jumps to the next deadline.
 *
 * Functions return 0 or an error number as POSIX has them, and publish one operation each
 * unless their contract says "no step".
 */
#ifndef ILV_OBJECTS_CLOCK_H
#define ILV_OBJECTS_CLOCK_H

#include "runtime.h"

#define ILV_NS_PER_S UINT64_C(1000000000)

/* The object that stands for the clock. */
uint32_t ilv__clock_object(void);

/* What this clock shows now, in nanoseconds. No step. EINVAL for a clock that does not exist. */
int ilv__clock_now(clockid_t clock, uint64_t *ns);

/* As above, as a step: readings one after another differ. */
int ilv__clock_read(clockid_t clock, uint64_t *ns);

/* A span of time in nanoseconds (the longest one when it is longer than that). No step. EINVAL
 * for negative spans and nanoseconds out of range. */
int ilv__clock_span(const struct timespec *span, uint64_t *ns);

/* The virtual deadline of a wait that begins now and takes this long. No step. */
uint64_t ilv__clock_deadline(uint64_t ns);

struct timespec ilv__clock_timespec(uint64_t ns);

/* Sleeps until the deadline. 0 or EINTR. */
int ilv__clock_sleep_until(uint64_t deadline);

/* nanosleep and clock_nanosleep. left may be NULL; it is written when a handler interrupts a
 * relative sleep. */
int ilv__clock_nanosleep(clockid_t clock, int flags, const struct timespec *span,
                         struct timespec *left);

/* The CPU clock of a task, as pthread_getcpuclockid gives it. No step. */
clockid_t ilv__clock_of_task(const struct task *t);

#endif
