/* SPDX-License-Identifier: MIT */
/*
 * barrier.h: nobody goes on before all have come.
 *
 * A barrier has a number of parties. Who comes waits until that many have come; then all go on,
 * and the next round begins. The same type works between threads and, in shared memory, between
 * processes. All zero has no parties and is refused.
 *
 *     static struct ilv_barrier phase = ILV_BARRIER_INIT(4);
 *
 *     compute();
 *     if (ilv_barrier_wait(&phase, &place) == 0 && place == 0)
 *         only one of four does this;
 *
 * Broken. A barrier breaks when a party that has come gives up (its deadline passes), when somebody
 * calls abort, or when a process that has come is killed: those who wait, and those who come later,
 * get an error at once instead of waiting for what cannot be. It stays broken until reset.
 *
 * Death. The dead do not count as arrived: who comes after the death of one who had come finds
 * out at once, those who wait within 100 ms, and all get EOWNERDEAD. Once all had come the round is
 * over, and a death after it does no harm. Nobody can know that a party which had not come yet
 * never will: wait with a deadline, or let who watches it call abort. Parties share a space of
 * pids; a thread that ends while its process goes on is not inside the barrier. (If more than
 * ILV_BARRIER_PARTIES_MAX threads use one, a death may be found by those who wait alone.)
 *
 * In private memory, the child of a fork resets its copy of a barrier at which others waited.
 *
 * Order of memory: what each party did before it came happens before what each does after it
 * went on.
 */
#ifndef ILV_BARRIER_H
#define ILV_BARRIER_H

#include <ilv/mutex.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ILV_BARRIER_PARTIES_MAX 64

/* The fields are the library's. There is nothing to destroy. */
struct ilv_barrier {
    struct ilv_mutex mutex; /* guards all that follows; round is also read without it */
    uint32_t parties;
    uint32_t
        round; /* how many rounds are over, and whether this one is broken; the word to park on */
    uint32_t arrived; /* in this round */
    uint32_t left;    /* how many have left broken rounds; who resets parks on it */
    uint32_t reach;
    uint32_t spare;
    uint64_t who[ILV_BARRIER_PARTIES_MAX];  /* the process of each that has arrived */
    uint32_t seat[ILV_BARRIER_PARTIES_MAX]; /* and which of the following it holds */
    struct ilv_mutex seats[ILV_BARRIER_PARTIES_MAX];
};

#define ILV_BARRIER_INIT(count) \
    {                           \
        .parties = (count)      \
    }

/* Makes a barrier of any memory. Nobody may use it meanwhile. EINVAL: NULL, parties 0 or more than
 * ILV_BARRIER_PARTIES_MAX. */
int ilv_barrier_init(struct ilv_barrier *barrier, uint32_t parties);

/*
 * Comes, and waits for the others. 0: all have come; *place is how many had come before the caller
 * (0 to parties - 1, each once a round); NULL if nobody wants to know. ECANCELED: the barrier is
 * broken by abort, reset or a deadline. EOWNERDEAD: broken by a death. EINVAL: NULL, or no
 * parties. Is no cancellation point. There is no try form: with others still to come it could only
 * break the barrier.
 */
int ilv_barrier_wait(struct ilv_barrier *barrier, uint32_t *place);

/* The same until a deadline: ETIMEDOUT, and the barrier is broken (the others get ECANCELED).
 * EINVAL also for a deadline that cannot be; then the caller has not come. */
int ilv_barrier_wait_until(struct ilv_barrier *barrier, uint32_t *place,
                           const struct timespec *deadline);

/* Breaks it: all who wait, and who come, get ECANCELED. One that is broken stays as it is. EINVAL
 * as above. Never blocks. */
int ilv_barrier_abort(struct ilv_barrier *barrier);

/* Makes it whole and empty again. Those who wait get ECANCELED; reset returns when they have left,
 * and does not wait for the dead. EINVAL as above. */
int ilv_barrier_reset(struct ilv_barrier *barrier);

/* How many have come and wait; may be old when it returns. 0 if broken, and for NULL. */
uint32_t ilv_barrier_waiting(struct ilv_barrier *barrier);

#ifdef __cplusplus
}
#endif

#endif
