/* SPDX-License-Identifier: MIT */
/*
 * timer.h: timers that send a signal when the virtual clock has come to a time: alarm,
 * setitimer, timer_create. No function is a step except where it says so; results are 0 or an
 * error number.
 *
 * To the core a timer is a deadline: world.timer_next says when the next one expires that would
 * make a difference, world.timers_early which signals the timers would send that may expire
 * before their time (--clock free).
 */
#ifndef ILV_OBJECTS_TIMER_H
#define ILV_OBJECTS_TIMER_H

#include <sys/time.h>

#include "runtime.h"

/* Lets all timers expire whose time has come. */
void ilv__timers_run(void);
/* The signals, bit n-1, of timers that expire at this time or before. */
uint64_t ilv__timers_signals(uint64_t until);
/* The signal of a timer was taken: it may expire again; the expirations that were missed are
 * written into info. */
void ilv__timer_taken(siginfo_t *info);

/* Steps (CLOCK_READ), as the functions of their names. */
int ilv__timer_alarm_set(int which, uint64_t first, uint64_t interval, struct itimerval *old);
/* alarm(): the seconds that were left of the last one. setitimer(): 0 or -EINVAL. */
unsigned ilv__timer_alarm(unsigned seconds);
int ilv__timer_setitimer(int which, const struct itimerval *new, struct itimerval *old);
int ilv__timer_alarm_get(int which, struct itimerval *now);
int ilv__timer_create(clockid_t clock, const struct sigevent *event, timer_t *id);
int ilv__timer_settime(timer_t id, int flags, const struct itimerspec *new, struct itimerspec *old);
int ilv__timer_gettime(timer_t id, struct itimerspec *now);
int ilv__timer_delete(timer_t id);
/* The count, or a negative error number. */
int ilv__timer_overrun(timer_t id);

#endif
