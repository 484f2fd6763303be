/* SPDX-License-Identifier: MIT */
/*
 * cond.c: the model of pthread_cond_t (POSIX.1-2017, pthread_cond_wait and its kin).
 *
 * A task's part in a condition, by `sleeper`:
 *
 *   away       cond == 0
 *   asleep     cond != 0, !woken      after the step COND_WAIT, which let the mutex go
 *   woken      cond != 0, woken       by signal or broadcast; has to take the mutex again
 *
 *   asleep -> woken    ilv__cond_signal (one, the strategy says which), ilv__cond_broadcast;
 *                      its deadline does not count any more
 *   asleep -> away     its deadline passes, it wakes spuriously or is cancelled: nobody can wake
 *                      it from here on, and then it has to take the mutex again
 *   woken  -> away     COND_WAKE, when the mutex is free
 *
 * As in glibc the mutex is let go once: one that was taken twice stays held during the wait.
 * The stamp lies in the counters of waiters; the word with the clock (__wrefs) is glibc's.
 */
#include "objects/cond.h"

#include <errno.h>

#include "objects/mutex.h"

#define ONLY_MUTEX 1u /* value of a published COND_WAKE that nothing but the mutex keeps waiting */
#define WREFS_SHARED 1u
#define WREFS_MONOTONIC 2u

struct sleeper {
    uint32_t cond;
    bool woken;
};
static struct sleeper sleeper[ILV_MAX_TASKS];

static struct stamp *stamp_of(pthread_cond_t *cond)
{
    return (struct stamp *)(void *)cond;
}

static uint32_t make(pthread_cond_t *cond)
{
    uint32_t object = ilv__object_make(ILV_CLASS_COND, cond, sizeof *cond);
    if ((cond->__data.__wrefs & WREFS_SHARED) != 0)
        ilv__object_info(object)->flags |= ILV_SHARED;
    *stamp_of(cond) = (struct stamp){ILV_STAMP_MAGIC, object};
    return object;
}

static uint32_t object_of(pthread_cond_t *cond)
{
    uint32_t object = ilv__stamped(stamp_of(cond), ILV_CLASS_COND, cond);
    return ilv_likely(object != 0) ? object : make(cond);
}

static struct ilv_op operation(unsigned kind, uint32_t object)
{
    struct ilv_op op = ilv__op(kind, object);
    op.flags = ilv__object_info(object)->flags & ILV_SHARED;
    return op;
}

static bool asleep(const struct task *t, uint32_t cond)
{
    return sleeper[t->index].cond == cond && !sleeper[t->index].woken;
}

/* Who sleeps on it, in path order. Kept off the stack, which may be small. */
static uint16_t tasks[ILV_MAX_TASKS];

static uint32_t all_asleep(uint32_t cond)
{
    const struct world *w = &ilv__world;
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->live; i++)
        if (asleep(&w->task[w->order[i]], cond))
            tasks[n++] = w->order[i];
    return n;
}

bool ilv__cond_spurious_possible(const struct task *t)
{
    return sleeper[t->index].cond != 0 && !sleeper[t->index].woken;
}

/* ---- waiting ------------------------------------------------------------------------------ */

static bool mutex_free(const struct task *t)
{
    return ilv__mutex_free_for(t->info->op.object2, t);
}

static bool wake_possible(const struct task *t)
{
    return sleeper[t->index].woken && mutex_free(t);
}

/* Lets the mutex go and sleeps: one step. Its value is how often the mutex is still held. */
static int fall_asleep(const struct ilv_op *op)
{
    ilv__point(op, NULL);
    int left = ilv__mutex_release(op->object2);
    int error = left < 0 ? -left : 0;
    if (error == 0)
        sleeper[ilv__self->index] = (struct sleeper){.cond = op->object};
    ilv__done(error, left < 0 ? 0 : (uint64_t)left);
    return error;
}

/* It left without having been woken; now only the mutex is missing, and nothing ends that wait. */
static void await_mutex(struct ilv_op *op)
{
    struct task *t = ilv__self;
    sleeper[t->index] = (struct sleeper){0};
    ilv__changed(op->object);
    op->deadline = 0;
    op->value = ONLY_MUTEX;
    t->done_flags |= t->choice_flags & (ILV_EARLY | ILV_CHOICE | ILV_PREEMPT);
    uint8_t disabled = t->cancel_disabled;
    t->cancel_disabled = 1;
    while (!ilv__mutex_free_for(op->object2, t))
        ilv__point(op, mutex_free);
    t->cancel_disabled = disabled;
}

/* How a wait came back: its flag in the trace, and its result. */
static int give_up(enum outcome outcome, struct ilv_op *op)
{
    if (outcome == ILV_GO)
        return 0;
    static const uint16_t flag[] = {
        [ILV_GO] = 0,
        [ILV_TIMEOUT] = ILV_EXPIRED,
        [ILV_INTERRUPT] = ILV_INTERRUPTED,
        [ILV_SPURIOUSLY] = ILV_SPURIOUS,
    };
    ilv__self->done_flags |= flag[outcome];
    await_mutex(op);
    return outcome == ILV_TIMEOUT ? ETIMEDOUT : 0;
}

static int wake(struct ilv_op *op)
{
    int result = give_up(ilv__point(op, wake_possible), op);
    sleeper[ilv__self->index] = (struct sleeper){0};
    ilv__changed(op->object);
    int error = ilv__mutex_take(op->object2, 1);
    result = error != 0 ? error : result;
    ilv__done(result, 0);
    return result;
}

/* A handler that runs while its task sleeps may wait on another condition (it should not). */
static int wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex, uint64_t deadline,
                      unsigned flags)
{
    uint32_t object = object_of(cond);
    struct ilv_op op = operation(ILV_EV_COND_WAIT, object);
    op.flags |= (uint16_t)flags;
    op.object2 = ilv__mutex_object(mutex);
    struct sleeper outer = sleeper[ilv__self->index];
    int result = fall_asleep(&op);
    if (result == 0) {
        op.kind = ILV_EV_COND_WAKE;
        op.deadline = deadline;
        result = wake(&op);
    }
    sleeper[ilv__self->index] = outer;
    return result;
}

int ilv__cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
    return wait_until(cond, mutex, 0, 0);
}

int ilv__cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
                        const struct timespec *deadline)
{
    uint64_t until = 0;
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
        return EINVAL;
    int error = ilv__deadline(clock, deadline, &until);
    return error != 0 ? error : wait_until(cond, mutex, until, ILV_TIMED);
}

int ilv__cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                        const struct timespec *deadline)
{
    bool monotonic = (cond->__data.__wrefs & WREFS_MONOTONIC) != 0;
    return ilv__cond_clockwait(cond, mutex, monotonic ? CLOCK_MONOTONIC : CLOCK_REALTIME, deadline);
}

/* ---- waking ------------------------------------------------------------------------------- */

static void rouse(uint16_t index)
{
    struct task *t = &ilv__world.task[index];
    sleeper[index].woken = true;
    if (t->info->op.kind != ILV_EV_COND_WAKE)
        return;
    t->info->op.deadline = 0;
    t->info->op.value = ONLY_MUTEX;
}

int ilv__cond_signal(pthread_cond_t *cond)
{
    uint32_t object = object_of(cond);
    struct ilv_op op = operation(ILV_EV_COND_SIGNAL, object);
    ilv__point(&op, NULL);
    uint32_t n = all_asleep(object);
    if (n > 0) {
        rouse(tasks[ilv__choose_waiter(tasks, n)]);
        ilv__changed(object);
    }
    ilv__done(0, n > 0);
    return 0;
}

int ilv__cond_broadcast(pthread_cond_t *cond)
{
    uint32_t object = object_of(cond);
    struct ilv_op op = operation(ILV_EV_COND_BROADCAST, object);
    ilv__point(&op, NULL);
    uint32_t n = all_asleep(object);
    for (uint32_t i = 0; i < n; i++)
        rouse(tasks[i]);
    if (n > 0)
        ilv__changed(object);
    ilv__done(0, n);
    return 0;
}

/* ---- life --------------------------------------------------------------------------------- */

int ilv__cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes)
{
    uint32_t before = ilv__stamped(stamp_of(cond), ILV_CLASS_COND, cond);
    struct ilv_op op = ilv__op(ILV_EV_COND_INIT, before);
    ilv__point(&op, NULL);
    int error = ilv__real()->pthread_cond_init(cond, attributes);
    if (error == 0)
        ilv__self->info->op.object = make(cond);
    ilv__done(error, before);
    return error;
}

static bool nobody_asleep(const struct task *t)
{
    return all_asleep(t->info->op.object) == 0;
}

int ilv__cond_destroy(pthread_cond_t *cond)
{
    uint32_t object = object_of(cond);
    struct ilv_op op = operation(ILV_EV_COND_DESTROY, object);
    ilv__point(&op, nobody_asleep);
    ilv__done(0, 0);
    ilv__object_info(object)->state = ILV_OBJECT_DESTROYED;
    return 0;
}
