/* SPDX-License-Identifier: MIT */
/*
 * Kinds of locks. Who holds one changes two numbers, one after the other; a holder's death is
 * seen by the difference, and by nobody who was not told of it.
 */
#include <errno.h>
#include <ilv/once.h>
#include <ilv/rlock.h>
#include <ilv/rwlock.h>
#include <sched.h>
#include <unistd.h>

#include "kills.h"

/* Guarded by the lock. */
struct data {
    uint64_t first;
    uint64_t second;
    uint64_t noticed;
    pid_t inside;
    struct counts counts;
};

static void set(uint64_t *word, uint64_t to)
{
    __atomic_store_n(word, to, __ATOMIC_RELAXED);
}

static bool data_hold(const struct data *data)
{
    return __atomic_load_n(&data->first, __ATOMIC_RELAXED) ==
               __atomic_load_n(&data->second, __ATOMIC_RELAXED) &&
           __atomic_load_n(&data->inside, __ATOMIC_RELAXED) == 0;
}

static void repair(struct data *data)
{
    set(&data->second, data->first);
    __atomic_store_n(&data->inside, 0, __ATOMIC_RELAXED);
    set(&data->noticed, data->noticed + 1);
}

static const char *change(struct data *data)
{
    if (!data_hold(data))
        return "a change is half done, or two hold the lock";
    __atomic_store_n(&data->inside, getpid(), __ATOMIC_RELAXED);
    set(&data->first, data->first + 1);
    linger();
    set(&data->second, data->second + 1);
    if (__atomic_load_n(&data->inside, __ATOMIC_RELAXED) != getpid())
        return "two hold the lock";
    __atomic_store_n(&data->inside, 0, __ATOMIC_RELAXED);
    return NULL;
}

/* All are dead, and the lock was taken by who judges. */
static const char *judge_data(struct data *data, bool died, struct outcome *outcome)
{
    if (died)
        repair(data);
    outcome->told += data->noticed;
    if (!data_hold(data))
        return "a change is half done, and nobody was told";
    return counts_explain(&data->counts, data->second, outcome) ? NULL : "changes are lost";
}

/* mutex */

struct mutex_world {
    struct ilv_mutex lock;
    struct data data;
};

/* By any form; deadlines that pass are tried again. */
static int take_mutex(struct ilv_mutex *lock)
{
    uint64_t form = chance(4);
    int error = EBUSY;
    if (form >= 2)
        return form == 2 ? ilv_mutex_lock(lock) : ilv_mutex_lock_until(lock, &far_away);
    while (error == EBUSY || error == ETIMEDOUT) {
        const struct timespec deadline = soon();
        error = form == 0 ? ilv_mutex_try_lock(lock) : ilv_mutex_lock_until(lock, &deadline);
    }
    return error;
}

static const char *use_mutex(void *own, unsigned actor)
{
    struct mutex_world *world = own;
    count_try(&world->data.counts, actor);
    int error = take_mutex(&world->lock);
    if (error == EOWNERDEAD) {
        repair(&world->data);
        error = ilv_mutex_consistent(&world->lock);
    }
    if (error != 0)
        return "the mutex is lost";
    const char *wrong = change(&world->data);
    if (ilv_mutex_unlock(&world->lock) != 0)
        return "the mutex cannot be given up";
    count_done(&world->data.counts, actor);
    return wrong;
}

static const char *judge_mutex(void *own, struct outcome *outcome)
{
    struct mutex_world *world = own;
    bool died = ilv_mutex_lock(&world->lock) == EOWNERDEAD;
    if (died)
        ilv_mutex_consistent(&world->lock);
    const char *wrong = judge_data(&world->data, died, outcome);
    return ilv_mutex_unlock(&world->lock) == 0 ? wrong : "the mutex cannot be given up";
}

/* rlock */

struct rlock_world {
    struct ilv_rlock lock;
    struct data data;
};

static int take_rlock(struct ilv_rlock *lock)
{
    uint64_t form = chance(4);
    int error = EBUSY;
    if (form >= 2)
        return form == 2 ? ilv_rlock_lock(lock) : ilv_rlock_lock_until(lock, &far_away);
    while (error == EBUSY || error == ETIMEDOUT) {
        const struct timespec deadline = soon();
        error = form == 0 ? ilv_rlock_try_lock(lock) : ilv_rlock_lock_until(lock, &deadline);
    }
    return error;
}

/* Once more, and not so often. */
static const char *change_twice_held(struct rlock_world *world)
{
    if (ilv_rlock_lock(&world->lock) != 0)
        return "the holder cannot take it again";
    const char *wrong = change(&world->data);
    return ilv_rlock_unlock(&world->lock) == 0 ? wrong : "the rlock cannot be given up once";
}

static const char *use_rlock(void *own, unsigned actor)
{
    struct rlock_world *world = own;
    count_try(&world->data.counts, actor);
    int error = take_rlock(&world->lock);
    if (error == EOWNERDEAD) {
        repair(&world->data);
        error = ilv_rlock_consistent(&world->lock);
    }
    if (error != 0)
        return "the rlock is lost";
    const char *wrong = change_twice_held(world);
    if (ilv_rlock_unlock(&world->lock) != 0)
        return "the rlock cannot be given up";
    count_done(&world->data.counts, actor);
    return wrong;
}

static const char *judge_rlock(void *own, struct outcome *outcome)
{
    struct rlock_world *world = own;
    bool died = ilv_rlock_lock(&world->lock) == EOWNERDEAD;
    if (died)
        ilv_rlock_consistent(&world->lock);
    const char *wrong = judge_data(&world->data, died, outcome);
    return ilv_rlock_unlock(&world->lock) == 0 ? wrong : "the rlock cannot be given up";
}

/* rwlock: one in four writes. */

struct rwlock_world {
    struct ilv_rwlock lock;
    struct data data;
};

static int take_rwlock(struct ilv_rwlock *lock, bool writes)
{
    uint64_t form = chance(3);
    int error = EBUSY;
    if (form == 2)
        return writes ? ilv_rwlock_write_lock(lock) : ilv_rwlock_read_lock(lock);
    while (error == EBUSY || error == ETIMEDOUT) {
        const struct timespec deadline = soon();
        if (form == 0)
            error = writes ? ilv_rwlock_try_write_lock(lock) : ilv_rwlock_try_read_lock(lock);
        else
            error = writes ? ilv_rwlock_write_lock_until(lock, &deadline)
                           : ilv_rwlock_read_lock_until(lock, &deadline);
    }
    return error;
}

static const char *look(const struct data *data)
{
    bool held = data_hold(data);
    uint64_t before = __atomic_load_n(&data->first, __ATOMIC_RELAXED);
    linger();
    bool same = __atomic_load_n(&data->second, __ATOMIC_RELAXED) == before;
    return held && same ? NULL : "a reader sees a change half done";
}

static const char *use_rwlock(void *own, unsigned actor)
{
    struct rwlock_world *world = own;
    bool writes = chance(4) == 0;
    if (writes)
        count_try(&world->data.counts, actor);
    int error = take_rwlock(&world->lock, writes);
    bool told = error == EOWNERDEAD;
    if (told) {
        repair(&world->data);
        error = ilv_rwlock_consistent(&world->lock);
    }
    if (error != 0)
        return "the rwlock is lost";
    const char *wrong = writes ? change(&world->data) : look(&world->data);
    if (ilv_rwlock_unlock(&world->lock) != 0)
        return "the rwlock cannot be given up";
    if (writes)
        count_done(&world->data.counts, actor);
    return wrong;
}

static const char *judge_rwlock(void *own, struct outcome *outcome)
{
    struct rwlock_world *world = own;
    bool died = ilv_rwlock_read_lock(&world->lock) == EOWNERDEAD;
    if (died)
        ilv_rwlock_consistent(&world->lock);
    const char *wrong = judge_data(&world->data, died, outcome);
    return ilv_rwlock_unlock(&world->lock) == 0 ? wrong : "the rwlock cannot be given up";
}

/*
 * once: a ring of them, each done again when its turn has come. The cursor goes on when the
 * function at it was done, after the next one was made undone.
 */

enum { RING = 64 };

struct once_world {
    struct ilv_once once[RING];
    uint64_t cursor;
    uint64_t wanted[RING]; /* each guarded by the mutex of its once */
    uint64_t half[RING];
    uint64_t made[RING];
    struct counts counts; /* of functions that were begun, and that returned */
};

struct order {
    struct once_world *world;
    unsigned actor;
    size_t at;
};

static int make(void *argument)
{
    const struct order *order = argument;
    struct once_world *world = order->world;
    count_try(&world->counts, order->actor);
    set(&world->half[order->at], world->wanted[order->at]);
    linger();
    set(&world->made[order->at], world->half[order->at]);
    count_done(&world->counts, order->actor);
    return 0;
}

/* The mutex is that of the once: who waits for it then finds it undone. */
static bool make_undone(struct once_world *world, uint64_t turn)
{
    size_t at = turn % RING;
    int error = ilv_mutex_lock(&world->once[at].mutex);
    if (error == EOWNERDEAD)
        error = ilv_mutex_consistent(&world->once[at].mutex);
    if (error != 0)
        return false;
    if (world->wanted[at] < turn) {
        __atomic_store_n(&world->once[at].done, 0, __ATOMIC_RELAXED);
        set(&world->wanted[at], turn);
    }
    return ilv_mutex_unlock(&world->once[at].mutex) == 0;
}

static const char *do_once(void *own, unsigned actor)
{
    struct once_world *world = own;
    uint64_t turn = __atomic_load_n(&world->cursor, __ATOMIC_ACQUIRE);
    struct order order = {world, actor, turn % RING};
    if (ilv_once_do(&world->once[order.at], make, &order) != 0)
        return "it cannot be done";
    if (__atomic_load_n(&world->made[order.at], __ATOMIC_RELAXED) < turn)
        return "it is not done, or half";
    if (!make_undone(world, turn + 1))
        return "the mutex is lost";
    __atomic_compare_exchange_n(&world->cursor, &turn, turn + 1, false, __ATOMIC_ACQ_REL,
                                __ATOMIC_RELAXED);
    return NULL;
}

/* The first turn is done for what was never wanted: 0. */
static const char *judge_once(void *own, struct outcome *outcome)
{
    struct once_world *world = own;
    uint64_t begun = all_tried(&world->counts);
    uint64_t returned = all_acknowledged(&world->counts);
    outcome->acknowledged += returned;
    uint64_t again = returned > world->cursor + 1 ? returned - world->cursor - 1 : 0;
    outcome->unknown += begun - returned + again;
    if (returned < world->cursor)
        return "a turn was over whose function had not returned";
    return again <= outcome->kills ? NULL : "it was done twice";
}

const struct kind locks_kinds[] = {
    {.name = "mutex",
     .things = "changes",
     .why = "none may be lost",
     .told = "deaths told",
     .size = sizeof(struct mutex_world),
     .worlds = 4,
     .longest = 4000,
     .work = use_mutex,
     .judge = judge_mutex},
    {.name = "rlock",
     .things = "changes",
     .why = "none may be lost",
     .told = "deaths told",
     .size = sizeof(struct rlock_world),
     .worlds = 4,
     .longest = 4000,
     .work = use_rlock,
     .judge = judge_rlock},
    {.name = "rwlock",
     .things = "changes",
     .why = "none may be lost",
     .told = "deaths told",
     .size = sizeof(struct rwlock_world),
     .worlds = 4,
     .longest = 4000,
     .work = use_rwlock,
     .judge = judge_rwlock},
    {.name = "once",
     .things = "functions",
     .why = "none may be lost; what the dead were at is done again",
     .size = sizeof(struct once_world),
     .worlds = 4,
     .longest = 4000,
     .work = do_once,
     .judge = judge_once},
    {.name = NULL},
};
