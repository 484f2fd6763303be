/* SPDX-License-Identifier: MIT */
/*
 * once.h: the first who comes does it, the others find it done.
 *
 *     static struct ilv_once ready;
 *     static int prepare(void *argument) { ...; return 0; }
 *
 *     int error = ilv_once_do(&ready, prepare, &table);
 *
 * The same type works between threads and, in shared memory, between processes (each gives its own
 * function, and what it makes must lie where all see it); all zero is "not done yet". Everybody who
 * gets 0 finds the work done and sees all that it wrote.
 *
 * Failure and death. If the function gives an error, it has not been done: this caller gets the
 * error, and the next one tries again. The same if the process or thread is ended in the
 * middle: the next one's function must cope with what the dead left half done. Nobody waits for
 * the dead. The function may not leave by longjmp.
 */
#ifndef ILV_ONCE_H
#define ILV_ONCE_H

#include <ilv/mutex.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Valid when all zero. The fields are the library's. There is nothing to destroy. */
struct ilv_once {
    struct ilv_mutex mutex; /* held while the function runs */
    uint32_t done;
    uint32_t spare;
};

#define ILV_ONCE_INIT \
    {                 \
        .done = 0     \
    }

/*
 * Calls function(argument) unless some call with this `once` has succeeded before; waits for one
 * that is at it. 0: it is done. What the function gave, if that is not 0. EDEADLK: called from
 * within the function. EINVAL: NULL. May block as long as the function runs.
 * Order of memory: what the function wrote happens before every return of 0.
 */
int ilv_once_do(struct ilv_once *once, int (*function)(void *argument), void *argument);

/* Has it been done? Never blocks; true acquires. False for NULL. */
bool ilv_once_is_done(const struct ilv_once *once);

#ifdef __cplusplus
}
#endif

#endif
