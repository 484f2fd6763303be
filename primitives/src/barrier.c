/* SPDX-License-Identifier: MIT */
/*
 * barrier.c: rounds counted in a word, arrivals in a table, under a robust mutex. In shared memory
 * each party that waits holds one of the robust mutexes of the table, its seat, for which nobody
 * ever waits: the kernel writes a death into it, where all who come see it.
 *
 *   round = number * 4 + state, state one of
 *   WHOLE      arrived < parties wait, who[0..arrived) names them
 *   CANCELED   ] broken: nobody else comes in; who[i] is 0 when the party in place i has left
 *   DIED       ]
 *
 *   from       by                          to
 *   WHOLE      the last party              next number, WHOLE, arrived 0; wakes all
 *   WHOLE      abort, reset, a deadline    CANCELED; wakes all
 *   WHOLE      one who finds a dead party  DIED; wakes all: who comes looks at the seats, who
 *                                          waits looks at them now and then
 *   broken     reset, when all have left   next number, WHOLE, arrived 0
 *
 * 1. A party waits as long as round is what it was when it came. Then: the number is another,
 *    all had come; or it is the same, and the state says why it broke. The number of a broken round
 *    does not move before all parties have left it, or died, so none takes a break for a success.
 * 2. Who is in a round that is over needs no place: places are written anew by those who come.
 * 3. Deaths with the mutex held: who[arrived] is written before arrived counts it. A round is over
 *    by the one store to round; arrived == parties afterwards is the trace of one who died before
 *    it set it to 0, and is repaired by the next who takes the mutex.
 * 4. A seat is taken before the arrival is counted, and given up after the wait, which may be in a
 *    later round. So a seat is named by the arrivals of one round at most, and one that a dead
 *    party had, and none of these names, is free. Who finds no seat waits without, and its death
 *    is found by who[i] alone, by those who wait.
 * 5. round is released with all arrivals before it (each has held the mutex) and acquired by
 *    those who go on.
 */
#include <errno.h>
#include <ilv/barrier.h>
#include <linux/futex.h>
#include <string.h>

#include "annotate.h"
#include "mutex.h"

#define WHOLE 0U
#define CANCELED 1U
#define DIED 2U
#define STATE 3U
#define NEXT 4U
#define SEATS ILV_BARRIER_PARTIES_MAX
#define NO_SEAT ILV_BARRIER_PARTIES_MAX

_Static_assert(sizeof(struct ilv_barrier) == 3912, "arenas and other versions rely on the size");

int ilv_barrier_init(struct ilv_barrier *barrier, uint32_t parties)
{
    if (barrier == NULL || parties == 0 || parties > ILV_BARRIER_PARTIES_MAX)
        return EINVAL;
    memset(barrier, 0, sizeof *barrier);
    barrier->parties = parties;
    return 0;
}

static bool usable(const struct ilv_barrier *barrier)
{
    return barrier != NULL && barrier->parties != 0 && barrier->parties <= ILV_BARRIER_PARTIES_MAX;
}

static void enter(struct ilv_barrier *barrier)
{
    if (!ilv__mutex_take(&barrier->mutex))
        return;
    if (barrier->arrived >= barrier->parties)
        barrier->arrived = 0;
    ilv_mutex_consistent(&barrier->mutex);
}

static int error_of(uint32_t round)
{
    static const int errors[] = {[WHOLE] = 0, [CANCELED] = ECANCELED, [DIED] = EOWNERDEAD};
    return errors[round & STATE];
}

/* With the mutex held, in a round that is whole. */
static void set_round(struct ilv_barrier *barrier, uint32_t round)
{
    ilv__is_before(&barrier->round);
    __atomic_store_n(&barrier->round, round, __ATOMIC_RELEASE);
}

/* The party with this seat. */
static bool died_in(const struct ilv_barrier *barrier, uint32_t seat)
{
    int word = __atomic_load_n(&barrier->seats[seat].lock.__data.__lock, __ATOMIC_RELAXED);
    return ((uint32_t)word & FUTEX_OWNER_DIED) != 0;
}

/* As the seats say; costs no system call. */
static bool a_seat_died(const struct ilv_barrier *barrier)
{
    for (uint32_t i = 0; i < barrier->arrived; i++)
        if (barrier->seat[i] < SEATS && died_in(barrier, barrier->seat[i]))
            return true;
    return false;
}

static bool anybody_died(const struct ilv_barrier *barrier)
{
    for (uint32_t i = 0; i < barrier->arrived; i++)
        if (barrier->seat[i] >= SEATS && !ilv__life_goes_on(barrier->who[i]))
            return true;
    return a_seat_died(barrier);
}

/* A seat that is the caller's now, or NO_SEAT: in private memory nobody dies alone. */
static uint32_t sit_down(struct ilv_barrier *barrier)
{
    if (ilv__reach(barrier, &barrier->reach) == ILV__PRIVATE)
        return NO_SEAT;
    for (uint32_t n = 0; n < SEATS; n++) {
        uint32_t seat = (barrier->arrived + n) % SEATS;
        int error = ilv_mutex_try_lock(&barrier->seats[seat]);
        if (error == EOWNERDEAD)
            error = ilv_mutex_consistent(&barrier->seats[seat]);
        if (error == 0)
            return seat;
    }
    return NO_SEAT;
}

static void stand_up(struct ilv_barrier *barrier, uint32_t seat)
{
    if (seat < SEATS)
        ilv__mutex_leave(&barrier->seats[seat]);
}

/* The caller, in place `place`, leaves a round that broke; with the mutex held. */
static void leave_broken(struct ilv_barrier *barrier, uint32_t place)
{
    barrier->who[place] = 0;
    __atomic_fetch_add(&barrier->left, 1, __ATOMIC_RELAXED);
}

/*
 * After a sleep in which the round did not change, or after the deadline: is there a reason to
 * break it? Gives what the caller returns, or -1 to wait on.
 */
static int look_after(struct ilv_barrier *barrier, uint32_t round, uint32_t place, bool late)
{
    int result = -1;
    enter(barrier);
    uint32_t now = barrier->round;
    if (now == round && (late || anybody_died(barrier))) {
        set_round(barrier, round | (late ? CANCELED : DIED));
        result = late ? ETIMEDOUT : EOWNERDEAD;
    } else if (now != round) {
        result = now / NEXT == round / NEXT ? error_of(now) : 0;
    }
    if (result > 0)
        leave_broken(barrier, place);
    ilv__mutex_leave(&barrier->mutex);
    if (result > 0) {
        ilv__wake(&barrier->round, ILV__ALL);
        ilv__wake(&barrier->left, ILV__ALL);
    }
    return result;
}

static int wait_in(struct ilv_barrier *barrier, uint32_t round, uint32_t place,
                   const struct timespec *deadline)
{
    int result = -1;
    while (result < 0) {
        int slept = ilv__park(&barrier->round, round, deadline, &barrier->reach);
        uint32_t now = __atomic_load_n(&barrier->round, __ATOMIC_ACQUIRE);
        if (now / NEXT != round / NEXT)
            result = 0;
        else
            result = look_after(barrier, round, place, slept == ETIMEDOUT);
    }
    ilv__is_after(&barrier->round);
    return result;
}

/* All have come; the mutex is held, and given up. */
static void go_on(struct ilv_barrier *barrier)
{
    uint32_t waiting = barrier->arrived;
    set_round(barrier, barrier->round + NEXT);
    barrier->arrived = 0;
    ilv__mutex_leave(&barrier->mutex);
    if (waiting > 0)
        ilv__wake(&barrier->round, ILV__ALL);
}

/* The caller waits with the others; the mutex is held, and given up. */
static int arrive(struct ilv_barrier *barrier, uint32_t round, const struct timespec *deadline)
{
    uint32_t place = barrier->arrived;
    uint32_t seat = sit_down(barrier);
    barrier->seat[place] = seat;
    barrier->who[place] = ilv__self_life();
    __atomic_store_n(&barrier->arrived, place + 1, __ATOMIC_RELEASE);
    ilv__mutex_leave(&barrier->mutex);
    int result = wait_in(barrier, round, place, deadline);
    stand_up(barrier, seat);
    return result;
}

/* The caller has not come, for it found the barrier broken; the mutex is held, and given up. */
static int refuse(struct ilv_barrier *barrier, uint32_t round)
{
    bool news = barrier->round != round;
    if (news)
        set_round(barrier, round);
    ilv__mutex_leave(&barrier->mutex);
    if (news)
        ilv__wake(&barrier->round, ILV__ALL);
    return error_of(round);
}

int ilv_barrier_wait_until(struct ilv_barrier *barrier, uint32_t *place,
                           const struct timespec *deadline)
{
    if (!usable(barrier) || !ilv__deadline_valid(deadline))
        return EINVAL;
    enter(barrier);
    uint32_t round = barrier->round;
    if ((round & STATE) == WHOLE && a_seat_died(barrier))
        round |= DIED;
    if (round & STATE)
        return refuse(barrier, round);
    if (place != NULL)
        *place = barrier->arrived;
    if (barrier->arrived + 1 < barrier->parties)
        return arrive(barrier, round, deadline);
    go_on(barrier);
    return 0;
}

int ilv_barrier_wait(struct ilv_barrier *barrier, uint32_t *place)
{
    return ilv_barrier_wait_until(barrier, place, NULL);
}

int ilv_barrier_abort(struct ilv_barrier *barrier)
{
    if (!usable(barrier))
        return EINVAL;
    enter(barrier);
    if ((barrier->round & STATE) == WHOLE)
        set_round(barrier, barrier->round | CANCELED);
    ilv__mutex_leave(&barrier->mutex);
    ilv__wake(&barrier->round, ILV__ALL);
    return 0;
}

/* Nobody alive is left in the broken round; with the mutex held. */
static bool all_have_left(struct ilv_barrier *barrier)
{
    bool ours = ilv__reach(barrier, &barrier->reach) == ILV__PRIVATE;
    for (uint32_t i = 0; i < barrier->arrived; i++) {
        ilv__life who = barrier->who[i];
        if (who == ilv__self_life() || (who != 0 && !ours && ilv__life_goes_on(who)))
            return false;
    }
    return true;
}

/* True if the barrier is whole again; with the mutex held. */
static bool made_whole(struct ilv_barrier *barrier)
{
    uint32_t round = barrier->round;
    if ((round & STATE) == WHOLE && barrier->arrived == 0)
        return true;
    if ((round & STATE) == WHOLE)
        set_round(barrier, round | CANCELED);
    if (!all_have_left(barrier))
        return false;
    barrier->arrived = 0;
    set_round(barrier, (barrier->round & ~STATE) + NEXT);
    return true;
}

int ilv_barrier_reset(struct ilv_barrier *barrier)
{
    if (!usable(barrier))
        return EINVAL;
    enter(barrier);
    uint32_t first = barrier->round / NEXT;
    while (barrier->round / NEXT == first && !made_whole(barrier)) {
        uint32_t left = barrier->left;
        ilv__mutex_leave(&barrier->mutex);
        ilv__wake(&barrier->round, ILV__ALL);
        ilv__park(&barrier->left, left, NULL, &barrier->reach);
        enter(barrier);
    }
    ilv__mutex_leave(&barrier->mutex);
    return 0;
}

uint32_t ilv_barrier_waiting(struct ilv_barrier *barrier)
{
    if (!usable(barrier))
        return 0;
    enter(barrier);
    uint32_t waiting = (barrier->round & STATE) == WHOLE ? barrier->arrived : 0;
    ilv__mutex_leave(&barrier->mutex);
    return waiting;
}
