/* SPDX-License-Identifier: MIT */
#include "small_world.h"

#include <errno.h>
#include <string.h>

#define MOST 3 /* units in a semaphore or channel */

typedef bool allows_fn(const struct world *w, unsigned t, const struct ilv_op *op);
typedef int step_fn(struct world *w, unsigned t, const struct ilv_op *op);

static uint8_t self(unsigned t)
{
    return (uint8_t)(t + 1);
}

static unsigned which(uint32_t object, uint32_t first)
{
    return object - first;
}

/* Mutexes. */
static uint8_t *owner_of(struct world *w, uint32_t object)
{
    return &w->owner[which(object, MUTEX_A)];
}

static bool mutex_free(const struct world *w, uint32_t object)
{
    return w->owner[which(object, MUTEX_A)] == 0;
}

static bool mutex_lock_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    return mutex_free(w, op->object);
}

static int take_mutex(struct world *w, unsigned t, uint32_t object)
{
    uint8_t *orphaned = &w->orphaned[which(object, MUTEX_A)];
    int result = *orphaned ? EOWNERDEAD : 0;
    *orphaned = 0;
    *owner_of(w, object) = self(t);
    return result;
}

static int mutex_lock(struct world *w, unsigned t, const struct ilv_op *op)
{
    return take_mutex(w, t, op->object);
}

static int mutex_trylock(struct world *w, unsigned t, const struct ilv_op *op)
{
    return mutex_free(w, op->object) ? take_mutex(w, t, op->object) : EBUSY;
}

static int mutex_unlock(struct world *w, unsigned t, const struct ilv_op *op)
{
    if (*owner_of(w, op->object) != self(t)) {
        return EPERM;
    }
    *owner_of(w, op->object) = 0;
    return 0;
}

/* A condition; its mutex is A. The value of a signal says which sleeper it wakes. */
static bool cond_wait_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    return w->owner[which(op->object2, MUTEX_A)] == self(t);
}

static int cond_wait(struct world *w, unsigned t, const struct ilv_op *op)
{
    *owner_of(w, op->object2) = 0;
    w->doing[t] = ON_COND;
    return 0;
}

static bool cond_wake_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    bool woken = w->doing[t] == COND_WOKEN || (w->doing[t] == ON_COND && w->cancelled[t]);
    return woken && mutex_free(w, op->object2);
}

static int cond_wake(struct world *w, unsigned t, const struct ilv_op *op)
{
    int result = w->doing[t] == ON_COND ? ECANCELED : 0;
    w->doing[t] = AWAKE;
    return result ? result : take_mutex(w, t, op->object2);
}

static int wake(struct world *w, uint8_t from, uint8_t to, uint64_t how)
{
    int woken = 0;
    for (unsigned i = 0; i < TASKS; i++) {
        unsigned t = how == 1 ? TASKS - 1 - i : i;
        if (w->doing[t] == from && (how == 2 || woken == 0)) {
            w->doing[t] = to;
            woken++;
        }
    }
    return woken;
}

static int cond_signal(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    (void)wake(w, ON_COND, COND_WOKEN, op->value);
    return 0;
}

/* A reader-writer lock. */
static bool read_free(const struct world *w)
{
    return w->writer == 0;
}

static bool write_free(const struct world *w)
{
    return w->writer == 0 && w->readers[0] + w->readers[1] + w->readers[2] == 0;
}

static bool rdlock_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    return read_free(w) && w->readers[t] < 2;
}

static bool tryrdlock_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    return w->readers[t] < 2;
}

static int rdlock(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    if (!read_free(w)) {
        return EBUSY;
    }
    w->readers[t]++;
    return 0;
}

static bool wrlock_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    (void)op;
    return write_free(w);
}

static int wrlock(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    if (!write_free(w)) {
        return EBUSY;
    }
    w->writer = self(t);
    return 0;
}

static int rwunlock(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    if (w->writer == self(t)) {
        w->writer = 0;
        return 0;
    }
    if (w->readers[t] == 0) {
        return EPERM;
    }
    w->readers[t]--;
    return 0;
}

/* Semaphores. Never full: an overflow would tell the order of two posts, at 2^31 - 1 units. */
static uint8_t *sem_of(struct world *w, uint32_t object)
{
    return &w->sem[which(object, SEM_A)];
}

static bool sem_wait_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    return w->sem[which(op->object, SEM_A)] > 0;
}

static int sem_trywait(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    if (*sem_of(w, op->object) == 0) {
        return EAGAIN;
    }
    --*sem_of(w, op->object);
    return 0;
}

static int sem_post(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    ++*sem_of(w, op->object);
    return 0;
}

static int sem_getvalue(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    return *sem_of(w, op->object);
}

/* A barrier for two. */
static int barrier_wait(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    w->doing[t] = AT_BARRIER;
    if (++w->arrived < 2) {
        return 0;
    }
    w->arrived = 0;
    (void)wake(w, AT_BARRIER, BARRIER_OPEN, 2);
    return -1;
}

static bool barrier_leave_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    return w->doing[t] == BARRIER_OPEN;
}

static int leave(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    w->doing[t] = AWAKE;
    return 0;
}

/* Channels: how many bytes are in them. */
static uint8_t *channel_of(struct world *w, uint32_t object)
{
    return &w->channel[which(object, CHANNEL_A)];
}

static bool channel_read_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    return w->channel[which(op->object, CHANNEL_A)] > 0;
}

static int channel_read(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    int all = *channel_of(w, op->object);
    *channel_of(w, op->object) = 0;
    return all;
}

static bool channel_write_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    return w->channel[which(op->object, CHANNEL_A)] < MOST;
}

static int channel_write(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    ++*channel_of(w, op->object);
    return 0;
}

static bool polled(const struct world *w, const struct ilv_op *op, uint32_t channel)
{
    bool named = op->object == 0 || op->object == channel || op->object2 == channel;
    return named && w->channel[which(channel, CHANNEL_A)] > 0;
}

static bool channel_poll_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    return polled(w, op, CHANNEL_A) || polled(w, op, CHANNEL_B);
}

static int channel_poll(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    return polled(w, op, CHANNEL_A) + 2 * polled(w, op, CHANNEL_B);
}

/* Tasks. A task that ends leaves at most one robust mutex, which its operation names. */
static bool exit_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    bool has_a = w->owner[0] == self(t);
    bool has_b = w->owner[1] == self(t);
    bool named = op->object2 == 0
                     ? !has_a && !has_b
                     : has_a == (op->object2 == MUTEX_A) && has_b == (op->object2 == MUTEX_B);
    return named && op->object == TASK_0 + t;
}

static int task_exit(struct world *w, unsigned t, const struct ilv_op *op)
{
    w->ended[t] = 1;
    if (op->object2) {
        *owner_of(w, op->object2) = 0;
        w->orphaned[which(op->object2, MUTEX_A)] = 1;
    }
    return 0;
}

static bool join_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    return w->ended[which(op->object, TASK_0)];
}

static int tryjoin(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    unsigned other = which(op->object, TASK_0);
    if (w->detached[other] || w->joined[other]) {
        return EINVAL;
    }
    if (!w->ended[other]) {
        return EBUSY;
    }
    w->joined[other] = 1;
    return 0;
}

static int detach(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    unsigned other = which(op->object, TASK_0);
    int result = w->detached[other] || w->joined[other] ? EINVAL : 0;
    w->detached[other] = 1;
    return result;
}

static int cancel(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    w->cancelled[which(op->object, TASK_0)] = 1;
    return 0;
}

static bool own_task(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)w;
    return op->object == TASK_0 + t;
}

static int testcancel(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    return w->cancelled[t];
}

/* The rest. */
static bool spin_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    (void)op;
    return w->spin == 0;
}

static int spin_trylock(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    if (w->spin) {
        return EBUSY;
    }
    w->spin = self(t);
    return 0;
}

static int spin_unlock(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    (void)op;
    w->spin = 0;
    return 0;
}

static bool once_begin_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    (void)op;
    return w->once == 0 || w->once == 9;
}

static int once_begin(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    int first = w->once == 0;
    w->once = first ? self(t) : w->once;
    return first;
}

static bool once_end_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    return w->once == self(t);
}

static int once_end(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    w->once = op->value ? 9 : 0;
    return 0;
}

static int futex_wait(struct world *w, unsigned t, const struct ilv_op *op)
{
    if (w->futex != op->value) {
        return EAGAIN;
    }
    w->doing[t] = ON_FUTEX;
    return 0;
}

static bool futex_awake_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    return w->doing[t] == FUTEX_WOKEN;
}

static int futex_wake(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    return wake(w, ON_FUTEX, FUTEX_WOKEN, op->value);
}

static int file_read(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    (void)op;
    return w->file;
}

static int file_write(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    w->file = self(t);
    return 0;
}

static int signal_send(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    (void)op;
    w->pending = 1;
    return 0;
}

static int signal_mask(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    w->masked[t] = !w->masked[t];
    return 0;
}

static bool signal_handler_allowed(const struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)op;
    return w->pending && !w->masked[t];
}

static int signal_handler(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)t;
    (void)op;
    w->pending = 0;
    return 0;
}

static int nothing(struct world *w, unsigned t, const struct ilv_op *op)
{
    (void)w;
    (void)t;
    (void)op;
    return 0;
}

/* asleep: only a task in the middle of something may do it. */
static const struct rule {
    allows_fn *allows; /* NULL: whenever the task is awake */
    step_fn *step;
    bool asleep;
} rules[ILV_EV_COUNT] = {
    [ILV_EV_MUTEX_LOCK] = {mutex_lock_allowed, mutex_lock, false},
    [ILV_EV_MUTEX_TRYLOCK] = {NULL, mutex_trylock, false},
    [ILV_EV_MUTEX_UNLOCK] = {NULL, mutex_unlock, false},
    [ILV_EV_COND_WAIT] = {cond_wait_allowed, cond_wait, false},
    [ILV_EV_COND_WAKE] = {cond_wake_allowed, cond_wake, true},
    [ILV_EV_COND_SIGNAL] = {NULL, cond_signal, false},
    [ILV_EV_COND_BROADCAST] = {NULL, cond_signal, false},
    [ILV_EV_RWLOCK_RDLOCK] = {rdlock_allowed, rdlock, false},
    [ILV_EV_RWLOCK_TRYRDLOCK] = {tryrdlock_allowed, rdlock, false},
    [ILV_EV_RWLOCK_WRLOCK] = {wrlock_allowed, wrlock, false},
    [ILV_EV_RWLOCK_TRYWRLOCK] = {NULL, wrlock, false},
    [ILV_EV_RWLOCK_UNLOCK] = {NULL, rwunlock, false},
    [ILV_EV_SEM_WAIT] = {sem_wait_allowed, sem_trywait, false},
    [ILV_EV_SEM_TRYWAIT] = {NULL, sem_trywait, false},
    [ILV_EV_SEM_POST] = {NULL, sem_post, false},
    [ILV_EV_SEM_GETVALUE] = {NULL, sem_getvalue, false},
    [ILV_EV_BARRIER_WAIT] = {NULL, barrier_wait, false},
    [ILV_EV_BARRIER_LEAVE] = {barrier_leave_allowed, leave, true},
    [ILV_EV_CHANNEL_READ] = {channel_read_allowed, channel_read, false},
    [ILV_EV_CHANNEL_WRITE] = {channel_write_allowed, channel_write, false},
    [ILV_EV_CHANNEL_POLL] = {channel_poll_allowed, channel_poll, false},
    [ILV_EV_TASK_EXIT] = {exit_allowed, task_exit, false},
    [ILV_EV_TASK_JOIN] = {join_allowed, tryjoin, false},
    [ILV_EV_TASK_TRYJOIN] = {NULL, tryjoin, false},
    [ILV_EV_TASK_DETACH] = {NULL, detach, false},
    [ILV_EV_TASK_CANCEL] = {NULL, cancel, false},
    [ILV_EV_TASK_TESTCANCEL] = {own_task, testcancel, false},
    [ILV_EV_TASK_YIELD] = {NULL, nothing, false},
    [ILV_EV_SPIN_LOCK] = {spin_allowed, spin_trylock, false},
    [ILV_EV_SPIN_TRYLOCK] = {NULL, spin_trylock, false},
    [ILV_EV_SPIN_UNLOCK] = {NULL, spin_unlock, false},
    [ILV_EV_ONCE_BEGIN] = {once_begin_allowed, once_begin, false},
    [ILV_EV_ONCE_END] = {once_end_allowed, once_end, false},
    [ILV_EV_FUTEX_WAIT] = {NULL, futex_wait, false},
    [ILV_EV_FUTEX_AWAKE] = {futex_awake_allowed, leave, true},
    [ILV_EV_FUTEX_WAKE] = {NULL, futex_wake, false},
    [ILV_EV_FILE_READ] = {NULL, file_read, false},
    [ILV_EV_FILE_WRITE] = {NULL, file_write, false},
    [ILV_EV_SIGNAL_SEND] = {NULL, signal_send, false},
    [ILV_EV_SIGNAL_MASK] = {NULL, signal_mask, false},
    [ILV_EV_SIGNAL_HANDLER] = {signal_handler_allowed, signal_handler, false},
    [ILV_EV_CLOCK_READ] = {NULL, nothing, false},
};

bool world_allows(const struct world *w, unsigned t, const struct ilv_op *op)
{
    const struct rule *rule = &rules[op->kind];
    bool asleep = w->doing[t] != AWAKE;
    return !w->ended[t] && rule->asleep == asleep && (!rule->allows || rule->allows(w, t, op));
}

int world_step(struct world *w, unsigned t, const struct ilv_op *op)
{
    return rules[op->kind].step(w, t, op);
}
