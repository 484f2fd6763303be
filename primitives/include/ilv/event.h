/* SPDX-License-Identifier: MIT */
/*
 * event.h: something that has happened, or not yet.
 *
 * An event is clear or set. Any number may wait until it is set; it stays set until somebody clears
 * it. The same type works between threads and, in shared memory, between processes; all zero is
 * clear.
 *
 *     static struct ilv_event ready;
 *
 *     prepare();                              ilv_event_wait(&ready);
 *     ilv_event_set(&ready);                  use what was prepared
 *
 * Promises. set lets all go who wait at that moment, also if clear follows before they have run.
 * set again without a clear changes nothing.
 *
 * Death. Nobody holds an event: a killed waiter leaves nothing behind, and who is killed in set has
 * set it or has not. If it is killed after the change and before it has woken those who wait, in
 * shared memory these notice within 100 ms. An event that its setter did not live to set stays
 * clear: wait with a deadline, or watch the setter.
 *
 * Order of memory: set releases; a wait that gave 0, and is_set that gave true, acquire.
 */
#ifndef ILV_EVENT_H
#define ILV_EVENT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Valid when all zero. The fields are the library's. There is nothing to destroy. */
struct ilv_event {
    uint32_t state;
    uint32_t reach;
};

#define ILV_EVENT_INIT \
    {                  \
        .state = 0     \
    }

/* Makes a clear event of any memory. Nobody may use it meanwhile. EINVAL: NULL. */
int ilv_event_init(struct ilv_event *event);

/* Sets it and wakes all who wait. EINVAL: NULL. Never blocks; a system call only if somebody may
 * wait. May be called in a signal handler. */
int ilv_event_set(struct ilv_event *event);

/* Clears it. EINVAL: NULL. Never blocks. */
int ilv_event_clear(struct ilv_event *event);

/* Is it set? False for NULL. Never blocks. */
bool ilv_event_is_set(const struct ilv_event *event);

/* Waits until it is set, or was set since the call. EINVAL: NULL. Is no cancellation point. */
int ilv_event_wait(struct ilv_event *event);

/* 0 if it is set, EAGAIN if not, EINVAL: NULL. Never blocks. */
int ilv_event_try_wait(struct ilv_event *event);

/* As wait; ETIMEDOUT: not set until the deadline. EINVAL also for a deadline that cannot be. */
int ilv_event_wait_until(struct ilv_event *event, const struct timespec *deadline);

#ifdef __cplusplus
}
#endif

#endif
