/* SPDX-License-Identifier: MIT */
/*
 * Kinds that are waited for. Actors with an even number make happen what those with an odd one
 * wait for, or all do the same; both are killed, so that wake-ups are owed and swallowed by
 * the dead.
 */
#include <errno.h>
#include <ilv/barrier.h>
#include <ilv/bounded_semaphore.h>
#include <ilv/condition.h>
#include <ilv/event.h>
#include <ilv/semaphore.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "kills.h"

static bool makes(unsigned actor)
{
    return actor % 2 == 0;
}

static uint64_t load(const uint64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static void store(uint64_t *word, uint64_t to)
{
    __atomic_store_n(word, to, __ATOMIC_RELEASE);
}

/* condition: a buffer of numbers; a number is put, and taken, by one store. */

enum { BUFFER = 4 };

struct condition_world {
    struct ilv_mutex mutex;
    struct ilv_condition not_empty;
    struct ilv_condition not_full;
    uint64_t buffer[BUFFER];
    uint64_t put; /* all guarded by the mutex */
    uint64_t taken;
    uint64_t noticed;
    struct counts puts;
    struct counts takes;
};

static bool may_go_on(const struct condition_world *world, bool puts)
{
    return world->put - world->taken != (puts ? BUFFER : 0);
}

static int wait_once(struct condition_world *world, bool puts)
{
    struct ilv_condition *condition = puts ? &world->not_full : &world->not_empty;
    const struct timespec deadline = soon();
    int error = chance(4) == 0 ? ilv_condition_wait_until(condition, &world->mutex, &deadline)
                               : ilv_condition_wait(condition, &world->mutex);
    return error == ETIMEDOUT ? 0 : error;
}

/* Holds the mutex, and there is something to do; or false. */
static bool enter(struct condition_world *world, bool puts)
{
    int error = ilv_mutex_lock(&world->mutex);
    while (error == EOWNERDEAD || (error == 0 && !may_go_on(world, puts))) {
        if (error == EOWNERDEAD) {
            store(&world->noticed, world->noticed + 1);
            error = ilv_mutex_consistent(&world->mutex);
        } else {
            error = wait_once(world, puts);
        }
    }
    return error == 0;
}

static int leave(struct condition_world *world, bool puts)
{
    struct ilv_condition *condition = puts ? &world->not_empty : &world->not_full;
    bool before = chance(2) == 0;
    if (before)
        ilv_condition_notify_one(condition);
    int error = ilv_mutex_unlock(&world->mutex);
    if (!before)
        chance(8) == 0 ? ilv_condition_notify_all(condition) : ilv_condition_notify_one(condition);
    return error;
}

static const char *put_or_take(void *own, unsigned actor)
{
    struct condition_world *world = own;
    bool puts = makes(actor);
    struct counts *counts = puts ? &world->puts : &world->takes;
    count_try(counts, actor);
    if (!enter(world, puts))
        return "the mutex is lost";
    if (world->put - world->taken > BUFFER)
        return "more were put than fit, or more taken than put";
    if (!puts && world->buffer[world->taken % BUFFER] != world->taken)
        return "another number is taken than was put";
    if (puts)
        world->buffer[world->put % BUFFER] = world->put;
    linger();
    store(puts ? &world->put : &world->taken, (puts ? world->put : world->taken) + 1);
    if (leave(world, puts) != 0)
        return "the mutex cannot be given up";
    count_done(counts, actor);
    return NULL;
}

static const char *judge_condition(void *own, struct outcome *outcome)
{
    struct condition_world *world = own;
    outcome->told += world->noticed;
    if (!counts_explain(&world->puts, world->put, outcome))
        return "puts are lost";
    return counts_explain(&world->takes, world->taken, outcome) ? NULL : "takes are lost";
}

/* event: setters take turns; each turn is one set and one clear. */

struct event_world {
    struct ilv_event event;
    struct ilv_mutex mutex; /* of the setters */
    uint64_t begun;         /* turns */
    uint64_t over;
    struct counts sets;
    struct counts waits;
};

static const char *set_and_clear(struct event_world *world, unsigned actor)
{
    count_try(&world->sets, actor);
    int error = ilv_mutex_lock(&world->mutex);
    if (error == EOWNERDEAD)
        error = ilv_mutex_consistent(&world->mutex);
    if (error != 0)
        return "the mutex is lost";
    store(&world->begun, world->over + 1);
    ilv_event_set(&world->event);
    linger();
    if (!ilv_event_is_set(&world->event))
        return "it was set and is not";
    ilv_event_clear(&world->event);
    store(&world->over, world->begun);
    ilv_mutex_unlock(&world->mutex);
    count_done(&world->sets, actor);
    return NULL;
}

/* All turns that were over were cleared: another must have begun. */
static const char *await_event(struct event_world *world, unsigned actor)
{
    uint64_t over = load(&world->over);
    const struct timespec deadline = soon();
    count_try(&world->waits, actor);
    int error = chance(4) == 0 ? ilv_event_wait_until(&world->event, &deadline)
                               : ilv_event_wait(&world->event);
    if (error != 0 && error != ETIMEDOUT)
        return "waiting fails";
    if (error == 0 && load(&world->begun) <= over)
        return "a waiter goes on though nothing happened";
    count_done(&world->waits, actor);
    return NULL;
}

static const char *use_event(void *own, unsigned actor)
{
    return makes(actor) ? set_and_clear(own, actor) : await_event(own, actor);
}

static const char *judge_event(void *own, struct outcome *outcome)
{
    struct event_world *world = own;
    outcome->acknowledged += all_acknowledged(&world->waits);
    outcome->unknown += all_tried(&world->waits) - all_acknowledged(&world->waits);
    if (world->begun - world->over > 1)
        return "turns are lost";
    return counts_explain(&world->sets, world->over, outcome) ||
                   world->over + 1 >= all_acknowledged(&world->sets)
               ? NULL
               : "sets are lost";
}

/* semaphore: units are put by some and taken by others. */

enum { UNITS = 3, ENOUGH = 4 };

struct semaphore_world {
    struct ilv_semaphore semaphore;
    struct counts puts;
    struct counts takes;
};

static void prepare_semaphore(void *own)
{
    struct semaphore_world *world = own;
    ilv_semaphore_init(&world->semaphore, UNITS);
}

static int take_unit(struct ilv_semaphore *semaphore)
{
    const struct timespec deadline = soon();
    uint64_t form = chance(4);
    if (form == 0)
        return ilv_semaphore_try_acquire(semaphore);
    return form == 1 ? ilv_semaphore_acquire_until(semaphore, &deadline)
                     : ilv_semaphore_acquire(semaphore);
}

static const char *use_semaphore(void *own, unsigned actor)
{
    struct semaphore_world *world = own;
    struct counts *counts = makes(actor) ? &world->puts : &world->takes;
    int error;
    if (makes(actor) && ilv_semaphore_units(&world->semaphore) >= ENOUGH) {
        sched_yield();
        return NULL;
    }
    count_try(counts, actor);
    do
        error =
            makes(actor) ? ilv_semaphore_release(&world->semaphore) : take_unit(&world->semaphore);
    while (error == EAGAIN || error == ETIMEDOUT);
    count_done(counts, actor);
    return error == 0 ? NULL : "a unit cannot be put or taken";
}

/* There are as many as were there and put, less those that were taken; the dead may have put or
 * taken one each. */
static const char *judge_semaphore(void *own, struct outcome *outcome)
{
    struct semaphore_world *world = own;
    uint64_t units = ilv_semaphore_units(&world->semaphore);
    uint64_t put = all_acknowledged(&world->puts);
    uint64_t taken = all_acknowledged(&world->takes);
    uint64_t most = UNITS + all_tried(&world->puts) - taken;
    uint64_t least_taken = all_tried(&world->takes);
    outcome->acknowledged += put + taken;
    outcome->unknown += all_tried(&world->puts) - put + all_tried(&world->takes) - taken;
    return units <= most && units + least_taken >= UNITS + put ? NULL : "units do not add up";
}

/* bounded_semaphore: who has a unit has a seat, which names its holder and how often it changed. */

enum { BOUND = 2 };

struct bounded_world {
    struct ilv_bounded_semaphore semaphore;
    uint64_t seats[BOUND];
    struct counts counts;
};

static void prepare_bounded(void *own)
{
    struct bounded_world *world = own;
    ilv_bounded_semaphore_init(&world->semaphore, BOUND);
}

static uint64_t seat_of(uint64_t before, pid_t pid)
{
    return ((before >> 32) + 1) << 32 | (uint32_t)pid;
}

static bool is_free(uint64_t seat)
{
    pid_t holder = (pid_t)(uint32_t)seat;
    return holder == 0 || !lives(holder);
}

/* Sits down, or BOUND: all seats stayed with the living while they were looked at. */
static unsigned sit_down(struct bounded_world *world)
{
    uint64_t seen[BOUND];
    bool moved = true;
    while (moved) {
        moved = false;
        for (unsigned i = 0; i < BOUND; i++)
            seen[i] = load(&world->seats[i]);
        for (unsigned i = 0; i < BOUND; i++) {
            uint64_t before = seen[i];
            if (is_free(before) &&
                __atomic_compare_exchange_n(&world->seats[i], &before, seat_of(before, getpid()),
                                            false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
                return i;
        }
        for (unsigned i = 0; i < BOUND; i++)
            moved = moved || is_free(seen[i]) || load(&world->seats[i]) != seen[i];
    }
    return BOUND;
}

static int take_bounded(struct ilv_bounded_semaphore *semaphore)
{
    uint64_t form = chance(3);
    int error = EAGAIN;
    if (form == 2)
        return ilv_bounded_semaphore_acquire(semaphore);
    while (error == EAGAIN || error == ETIMEDOUT) {
        const struct timespec deadline = soon();
        error = form == 0 ? ilv_bounded_semaphore_try_acquire(semaphore)
                          : ilv_bounded_semaphore_acquire_until(semaphore, &deadline);
    }
    return error;
}

static const char *use_bounded(void *own, unsigned actor)
{
    struct bounded_world *world = own;
    count_try(&world->counts, actor);
    if (take_bounded(&world->semaphore) != 0)
        return "no unit can be taken";
    unsigned seat = sit_down(world);
    if (seat == BOUND)
        return "more have a unit than there are";
    linger();
    store(&world->seats[seat], seat_of(world->seats[seat], 0));
    if (ilv_bounded_semaphore_release(&world->semaphore) != 0)
        return "a unit cannot be given back";
    count_done(&world->counts, actor);
    return NULL;
}

static const char *judge_bounded(void *own, struct outcome *outcome)
{
    struct bounded_world *world = own;
    outcome->acknowledged += all_acknowledged(&world->counts);
    outcome->unknown += all_tried(&world->counts) - all_acknowledged(&world->counts);
    outcome->lost += BOUND - ilv_bounded_semaphore_units(&world->semaphore);
    return ilv_bounded_semaphore_units(&world->semaphore) == BOUND ? NULL : "a unit is lost";
}

/*
 * barrier: all actors are its parties. coming[i] is odd while actor i waits; a new life of it
 * begins with an even number. Who goes on saw each other one come: its number was odd, or has
 * changed, since the caller came.
 */
struct barrier_world {
    struct ilv_barrier barrier;
    uint64_t coming[ACTORS];
    uint64_t lives[ACTORS]; /* by pid */
    uint64_t places[ACTORS];
    uint64_t broken;
    struct counts counts;
};

static void prepare_barrier(void *own)
{
    struct barrier_world *world = own;
    ilv_barrier_init(&world->barrier, ACTORS);
}

static void begin_life(struct barrier_world *world, unsigned actor)
{
    if (world->lives[actor] == (uint64_t)getpid())
        return;
    store(&world->coming[actor], (world->coming[actor] + 1) & ~1ULL);
    store(&world->lives[actor], (uint64_t)getpid());
}

static bool all_came(const struct barrier_world *world, const uint64_t *before)
{
    for (unsigned i = 0; i < ACTORS; i++)
        if (before[i] % 2 == 0 && load(&world->coming[i]) == before[i])
            return false;
    return true;
}

static const char *meet(void *own, unsigned actor)
{
    struct barrier_world *world = own;
    uint64_t before[ACTORS];
    uint32_t place = 0;
    begin_life(world, actor);
    count_try(&world->counts, actor);
    for (unsigned i = 0; i < ACTORS; i++)
        before[i] = load(&world->coming[i]);
    store(&world->coming[actor], world->coming[actor] + 1);
    int error = ilv_barrier_wait(&world->barrier, &place);
    if (error == 0 && !all_came(world, before))
        return "a party goes on before all have come";
    store(&world->coming[actor], world->coming[actor] + 1);
    if (error == EOWNERDEAD)
        __atomic_fetch_add(&world->broken, 1, __ATOMIC_RELAXED);
    if (error == 0 && place < ACTORS)
        __atomic_fetch_add(&world->places[place], 1, __ATOMIC_RELAXED);
    else if (error != 0 && (actor == 0 || chance(16) == 0))
        ilv_barrier_reset(&world->barrier);
    else if (error != 0)
        sched_yield();
    count_done(&world->counts, actor);
    return error == 0 || error == EOWNERDEAD || error == ECANCELED ? NULL : "waiting fails";
}

/* Each round that was over had each place once; the dead did not count theirs. */
static const char *judge_barrier(void *own, struct outcome *outcome)
{
    struct barrier_world *world = own;
    uint64_t least = world->places[0];
    uint64_t most = world->places[0];
    for (unsigned i = 1; i < ACTORS; i++) {
        least = world->places[i] < least ? world->places[i] : least;
        most = world->places[i] > most ? world->places[i] : most;
    }
    outcome->acknowledged += most;
    outcome->unknown += all_tried(&world->counts) - all_acknowledged(&world->counts);
    outcome->told += world->broken;
    return most - least <= outcome->kills ? NULL : "a place was given twice";
}

const struct kind waits_kinds[] = {
    {.name = "condition",
     .things = "puts and takes",
     .why = "none may be lost",
     .told = "deaths told",
     .size = sizeof(struct condition_world),
     .worlds = 8,
     .longest = 4000,
     .work = put_or_take,
     .judge = judge_condition},
    {.name = "event",
     .things = "sets and waits",
     .why = "none may be lost",
     .size = sizeof(struct event_world),
     .worlds = 8,
     .longest = 4000,
     .work = use_event,
     .judge = judge_event},
    {.name = "semaphore",
     .things = "units",
     .why = "none may be lost",
     .size = sizeof(struct semaphore_world),
     .worlds = 8,
     .longest = 4000,
     .prepare = prepare_semaphore,
     .work = use_semaphore,
     .judge = judge_semaphore},
    {.name = "bounded_semaphore",
     .things = "units",
     .why = "none may be lost: those of the dead are free again",
     .size = sizeof(struct bounded_world),
     .worlds = 8,
     .longest = 4000,
     .prepare = prepare_bounded,
     .work = use_bounded,
     .judge = judge_bounded},
    {.name = "barrier",
     .things = "rounds",
     .why = "a round may break, none may be over that not all came to",
     .told = "times a party was told of a death",
     .size = sizeof(struct barrier_world),
     .worlds = 16,
     .longest = 100000,
     .at_once = true,
     .prepare = prepare_barrier,
     .work = meet,
     .judge = judge_barrier},
    {.name = NULL},
};
