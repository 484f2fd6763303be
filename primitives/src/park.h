/* SPDX-License-Identifier: MIT */
/*
 * park.h: the only place of the library that blocks on a futex.
 *
 * A task parks on a 32-bit word while the word has a value, and whoever changes the word wakes.
 * Who parks always stands in a loop that looks at the word, or at what it guards, again:
 *
 *     while (!(taken = try_take(object))) {
 *         error = ilv__park(&object->word, 0, deadline, &object->reach);
 *         if (error) return error;
 *     }
 *
 * Who wakes may be killed between its change and its wake, and a waiter may be killed with a wake
 * in its hand that another one needed. Inside one process nobody is left then. Between processes
 * a parked task therefore wakes up by itself every ILV__LOOK_NS and looks again, and that is all
 * that deaths need: `reach` says where the object lies. It is 0 (not known yet) in a new object
 * and is filled in by the first that parks; every task finds the same answer, so that two who write
 * it at a time do no harm.
 *
 * All deadlines are absolute times of CLOCK_MONOTONIC; NULL is for ever.
 */
#ifndef ILV_PARK_H
#define ILV_PARK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#pragma GCC visibility push(hidden)

#define ILV__LOOK_NS 100000000L

/* Where an object lies; 0 = nobody has looked yet. */
#define ILV__PRIVATE 1U /* in the memory of one process */
#define ILV__SHARED 2U  /* in a shared mapping */

/*
 * Blocks while *word equals expected. 0: woken, or the word has another value, or for no reason
 * that concerns the caller (a signal, the look of above): look again. ETIMEDOUT: the deadline has
 * passed. The deadline has been checked with ilv__deadline_valid(). Is no cancellation point.
 */
int ilv__park(uint32_t *word, uint32_t expected, const struct timespec *deadline, uint32_t *reach);

/* Wakes at most `most` of those parked on the word; gives how many. A system call: callers ask
 * first whether anyone may be parked. */
int ilv__wake(uint32_t *word, int most);
#define ILV__ALL INT32_MAX

/* ILV__PRIVATE or ILV__SHARED, for the object that the address lies in; see above. */
uint32_t ilv__reach(const void *address, uint32_t *reach);

/* NULL, or a time that can be: not negative, nanoseconds below a second. */
static inline bool ilv__deadline_valid(const struct timespec *deadline)
{
    return deadline == NULL ||
           (deadline->tv_sec >= 0 && deadline->tv_nsec >= 0 && deadline->tv_nsec < 1000000000L);
}

static inline bool ilv__earlier(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/* The deadline has passed. NULL never passes. */
bool ilv__deadline_passed(const struct timespec *deadline);

#pragma GCC visibility pop

#endif
