/* SPDX-License-Identifier: MIT */
/*
 * test_locks.c: what all locks promise, mutex.h being the measure: one suite a kind from one
 * source. What a kind has beside is in a file of its own; deaths by SIGKILL are in
 * test_death_locks.c.
 */
#include <errno.h>
#include <ilv/mutex.h>
#include <ilv/rlock.h>
#include <ilv/rwlock.h>
#include <string.h>

#include "actors.h"
#include "ilv_test.h"

#define ROUNDS 2000

union any_lock {
    struct ilv_mutex mutex;
    struct ilv_rlock rlock;
    struct ilv_rwlock rwlock;
};

struct functions {
    int (*init)(union any_lock *lock);
    int (*destroy)(union any_lock *lock);
    int (*lock)(union any_lock *lock);
    int (*try_lock)(union any_lock *lock);
    int (*lock_until)(union any_lock *lock, const struct timespec *deadline);
    int (*unlock)(union any_lock *lock);
    int (*consistent)(union any_lock *lock);
};

#define OF(lock, kind) ((lock) != NULL ? &(lock)->kind : NULL)

/* The seven functions of a kind; `way` is what stands between its name and "lock". */
#define ADAPTER(kind, way)                                                      \
    static int kind##_init(union any_lock *l)                                   \
    {                                                                           \
        return ilv_##kind##_init(OF(l, kind));                                  \
    }                                                                           \
    static int kind##_destroy(union any_lock *l)                                \
    {                                                                           \
        return ilv_##kind##_destroy(OF(l, kind));                               \
    }                                                                           \
    static int kind##_lock(union any_lock *l)                                   \
    {                                                                           \
        return ilv_##kind##_##way##lock(OF(l, kind));                           \
    }                                                                           \
    static int kind##_try(union any_lock *l)                                    \
    {                                                                           \
        return ilv_##kind##_try_##way##lock(OF(l, kind));                       \
    }                                                                           \
    static int kind##_until(union any_lock *l, const struct timespec *deadline) \
    {                                                                           \
        return ilv_##kind##_##way##lock_until(OF(l, kind), deadline);           \
    }                                                                           \
    static int kind##_unlock(union any_lock *l)                                 \
    {                                                                           \
        return ilv_##kind##_unlock(OF(l, kind));                                \
    }                                                                           \
    static int kind##_repaired(union any_lock *l)                               \
    {                                                                           \
        return ilv_##kind##_consistent(OF(l, kind));                            \
    }                                                                           \
    static const struct functions kind = {                                      \
        kind##_init,  kind##_destroy, kind##_lock,    kind##_try,               \
        kind##_until, kind##_unlock,  kind##_repaired}

ADAPTER(mutex, );
ADAPTER(rlock, );
ADAPTER(rwlock, write_);

static const struct functions *now; /* the kind that this test is for */

struct stage {
    union any_lock lock;
    uint32_t step;
    uint32_t count; /* guarded by the lock */
};

static struct stage *new_stage(void)
{
    return share(sizeof(struct stage));
}

static void zero_is_a_free_lock(void)
{
    static union any_lock lock;
    ILV_CHECK_INT(now->lock(&lock), 0);
    ILV_CHECK_INT(now->unlock(&lock), 0);
}

static int count_up(void *argument)
{
    struct stage *stage = argument;
    for (int i = 0; i < ROUNDS; i++) {
        if (now->lock(&stage->lock) != 0)
            return 1;
        stage->count++;
        if (now->unlock(&stage->lock) != 0)
            return 2;
    }
    return 0;
}

static void one_at_a_time(void)
{
    struct stage *stage = new_stage();
    struct actor actors[3];
    for (int i = 0; i < 3; i++)
        actors[i] = start(count_up, stage);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    ILV_CHECK_INT(stage->count, 3LL * ROUNDS);
}

/* All at once find a lock that nobody has used. */
static int first_use(void *argument)
{
    struct stage *stages = argument;
    __atomic_fetch_add(&stages[0].step, 1, __ATOMIC_ACQ_REL);
    await(&stages[0].step, 2);
    for (int i = 0; i < ROUNDS; i++) {
        if (now->lock(&stages[i].lock) != 0)
            return 1;
        stages[i].count++;
        if (now->unlock(&stages[i].lock) != 0)
            return 2;
    }
    return 0;
}

static void first_users_agree_on_one_lock(void)
{
    struct stage *stages = share(ROUNDS * sizeof *stages);
    struct actor one = start(first_use, stages);
    struct actor two = start(first_use, stages);
    ILV_CHECK_INT(end_of(&one), 0);
    ILV_CHECK_INT(end_of(&two), 0);
    int wrong = 0;
    for (int i = 0; i < ROUNDS; i++)
        wrong += stages[i].count != 2;
    ILV_CHECK_INT(wrong, 0);
}

static int unlock_it(void *argument)
{
    struct stage *stage = argument;
    return now->unlock(&stage->lock);
}

static void unlock_by_stranger_is_refused(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(now->lock(&stage->lock), 0);
    struct actor stranger = start(unlock_it, stage);
    ILV_CHECK_INT(end_of(&stranger), EPERM);
    ILV_CHECK_INT(now->unlock(&stage->lock), 0);
}

static void unlock_of_a_free_lock_is_refused(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(now->unlock(&stage->lock), EPERM);
    ILV_CHECK_INT(now->lock(&stage->lock), 0);
}

static int try_it(void *argument)
{
    struct stage *stage = argument;
    return now->try_lock(&stage->lock);
}

static int try_and_unlock(void *argument)
{
    int error = try_it(argument);
    return error != 0 ? error : unlock_it(argument);
}

static void try_lock_takes_what_is_free_and_no_more(void)
{
    struct stage *stage = new_stage();
    struct actor first = start(try_and_unlock, stage);
    ILV_CHECK_INT(end_of(&first), 0);
    ILV_CHECK_INT(now->lock(&stage->lock), 0);
    struct actor second = start(try_and_unlock, stage);
    ILV_CHECK_INT(end_of(&second), EBUSY);
}

static int until_long_ago(void *argument)
{
    struct stage *stage = argument;
    return now->lock_until(&stage->lock, &long_ago);
}

static void lock_until_gives_up_only_what_is_held(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(until_long_ago(stage), 0);
    struct actor late = start(until_long_ago, stage);
    ILV_CHECK_INT(end_of(&late), ETIMEDOUT);
    ILV_CHECK_INT(now->unlock(&stage->lock), 0);
}

static int until_far_away(void *argument)
{
    struct stage *stage = argument;
    int error = now->lock_until(&stage->lock, &far_away);
    return error != 0 ? error : now->unlock(&stage->lock);
}

static void a_waiter_gets_it_before_its_deadline(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(now->lock(&stage->lock), 0);
    struct actor waiter = start(until_far_away, stage);
    await_sleep(&waiter);
    ILV_CHECK_INT(now->unlock(&stage->lock), 0);
    ILV_CHECK_INT(end_of(&waiter), 0);
}

static void deadlines_that_cannot_be_are_refused(void)
{
    struct stage *stage = new_stage();
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(now->lock_until(&stage->lock, &impossible[i]), EINVAL);
    ILV_CHECK_INT(now->lock_until(&stage->lock, NULL), 0);
}

static void null_is_refused(void)
{
    ILV_CHECK_INT(now->init(NULL), EINVAL);
    ILV_CHECK_INT(now->lock(NULL), EINVAL);
    ILV_CHECK_INT(now->try_lock(NULL), EINVAL);
    ILV_CHECK_INT(now->lock_until(NULL, &far_away), EINVAL);
    ILV_CHECK_INT(now->unlock(NULL), EINVAL);
    ILV_CHECK_INT(now->consistent(NULL), EINVAL);
    ILV_CHECK_INT(now->destroy(NULL), EINVAL);
}

static void a_destroyed_lock_is_refused_until_made_again(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(now->destroy(&stage->lock), 0);
    ILV_CHECK_INT(now->lock(&stage->lock), EINVAL);
    ILV_CHECK_INT(now->unlock(&stage->lock), EINVAL);
    ILV_CHECK_INT(now->destroy(&stage->lock), EINVAL);
    ILV_CHECK_INT(now->init(&stage->lock), 0);
    ILV_CHECK_INT(now->lock(&stage->lock), 0);
}

static void a_held_lock_is_not_destroyed(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(now->lock(&stage->lock), 0);
    ILV_CHECK_INT(now->destroy(&stage->lock), EBUSY);
    ILV_CHECK_INT(now->unlock(&stage->lock), 0);
    ILV_CHECK_INT(now->destroy(&stage->lock), 0);
}

static void memory_that_was_never_a_lock_is_refused(void)
{
    struct stage *stage = new_stage();
    memset(stage, 0x5a, sizeof *stage);
    ILV_CHECK_INT(now->lock(&stage->lock), EINVAL);
    ILV_CHECK_INT(now->init(&stage->lock), 0);
    ILV_CHECK_INT(now->lock(&stage->lock), 0);
}

/* Ends with the lock held: a thread by returning, a process by _exit. */
static int end_as_holder(void *argument)
{
    struct stage *stage = argument;
    return now->lock(&stage->lock);
}

static void a_holder_that_ended_is_reported_to_the_next(void)
{
    struct stage *stage = new_stage();
    struct actor holder = start(end_as_holder, stage);
    ILV_CHECK_INT(end_of(&holder), 0);
    ILV_CHECK_INT(now->lock(&stage->lock), EOWNERDEAD);
    ILV_CHECK_INT(now->consistent(&stage->lock), 0);
    ILV_CHECK_INT(now->unlock(&stage->lock), 0);
    ILV_CHECK_INT(now->lock(&stage->lock), 0);
}

static int lock_lost(void *argument)
{
    struct stage *stage = argument;
    return now->lock(&stage->lock) == ENOTRECOVERABLE ? 0 : 98;
}

static void without_consistent_it_is_lost(void)
{
    struct stage *stage = new_stage();
    struct actor holder = start(end_as_holder, stage);
    ILV_CHECK_INT(end_of(&holder), 0);
    ILV_CHECK_INT(now->try_lock(&stage->lock), EOWNERDEAD);
    ILV_CHECK_INT(now->unlock(&stage->lock), 0);
    ILV_CHECK_INT(now->lock(&stage->lock), ENOTRECOVERABLE);
    for (int i = 0; i < 2; i++)
        ILV_CHECK_INT(now->try_lock(&stage->lock), ENOTRECOVERABLE);
    struct actor other = start(lock_lost, stage);
    ILV_CHECK_INT(end_of(&other), 0);
    ILV_CHECK_INT(now->init(&stage->lock), 0);
    ILV_CHECK_INT(now->lock(&stage->lock), 0);
}

static void consistent_without_a_death_is_refused(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(now->lock(&stage->lock), 0);
    ILV_CHECK_INT(now->consistent(&stage->lock), EINVAL);
    ILV_CHECK_INT(now->unlock(&stage->lock), 0);
}

#define CASES(X, kind)                                    \
    X(kind, zero_is_a_free_lock)                          \
    X(kind, one_at_a_time)                                \
    X(kind, first_users_agree_on_one_lock)                \
    X(kind, unlock_by_stranger_is_refused)                \
    X(kind, unlock_of_a_free_lock_is_refused)             \
    X(kind, try_lock_takes_what_is_free_and_no_more)      \
    X(kind, lock_until_gives_up_only_what_is_held)        \
    X(kind, a_waiter_gets_it_before_its_deadline)         \
    X(kind, deadlines_that_cannot_be_are_refused)         \
    X(kind, null_is_refused)                              \
    X(kind, a_destroyed_lock_is_refused_until_made_again) \
    X(kind, a_held_lock_is_not_destroyed)                 \
    X(kind, memory_that_was_never_a_lock_is_refused)      \
    X(kind, a_holder_that_ended_is_reported_to_the_next)  \
    X(kind, without_consistent_it_is_lost)                \
    X(kind, consistent_without_a_death_is_refused)

#define WRAP(kind, name)            \
    static void kind##_##name(void) \
    {                               \
        now = &(kind);              \
        name();                     \
    }
#define ENTRY(kind, test) {.name = #test, .run = kind##_##test},
#define LOCK_SUITE(kind)                                                            \
    CASES(WRAP, kind)                                                               \
    static const struct ilv_test kind##_tests[] = {CASES(ENTRY, kind){NULL, NULL}}; \
    extern const struct ilv_suite ilv_suite_##kind##_lock;                          \
    const struct ilv_suite ilv_suite_##kind##_lock = {#kind "_lock", kind##_tests}

LOCK_SUITE(mutex);
LOCK_SUITE(rlock);
LOCK_SUITE(rwlock);
