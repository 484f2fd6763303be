/* SPDX-License-Identifier: MIT */
/*
 * The race detector: what steps order. internal.h says what steps mean.
 *
 *   step                                  acquires from         releases into
 *   create                                                      the new task
 *   join, tryjoin                         the task that ended
 *   cancel                                                      the task's cancellation
 *   testcancel, exit, an interrupted wait its own cancellation
 *   lock, trylock, wake (of the mutex)    the lock
 *   ... with EOWNERDEAD                   and its dead holder
 *   unlock, wait (of the mutex)                                 the lock
 *   read lock                             the lock
 *   write lock                            the lock, its readers
 *   read unlock                                                 the lock's readers
 *   barrier-wait                          the round             the round
 *   barrier-leave                         the round in which it arrived
 *   sem-post                                                    the semaphore
 *   sem-wait, sem-trywait, sem-getvalue   the semaphore
 *   once-begin                            the word
 *   once-end                                                    the word
 *   futex-wake, -requeue of somebody                            the words
 *   futex-awake                           the word
 *   signal-send, signal-action                                  the signal's number
 *   a timer is set                                              all timers
 *   signal-handler, signal-wait           the number, timers
 *   channel-write, -close, -control                             the channel, all channels
 *   channel-read                          the channel, or all
 *   channel-control, -poll                all channels
 *   outside                               all channels          all channels
 *   file-write                                                  the file
 *   file-read                             the file
 *
 * Steps that failed order nothing, recursive locks when they are let go at last. Signalling a
 * condition orders nothing of itself: the mutex does. Of conditions, files and signals this
 * is what ThreadSanitizer assumes too. Where an object stands for more than a program could tell
 * apart (all channels, a signal's number) too much is ordered, never too little.
 *
 * A barrier's round has a sync of its own, because tasks may arrive for the next one before all
 * have left the last one. The last to arrive makes no leave, so all acquire when they arrive what
 * they would get when they leave: they do nothing in between.
 */
#include "internal.h"
#include "race_parts.h"

#define WHOLE UINT16_MAX /* in place of a lock's holder */

struct move {
    struct ilv_race *race;
    const struct ilv_view *view;
    const struct ilv_step *step;
    unsigned task; /* that makes it, or as which that one acts */
    struct ilv__actor *actor;
};

static void sync_object(const struct move *m, uint32_t object, enum ilv_race_sync what)
{
    ilv_race_sync(m->race, m->task, object, what);
}

/* The second sync of an object: of a rwlock's readers. */
static void sync_other(const struct move *m, uint32_t object, enum ilv_race_sync what)
{
    struct ilv__sync *sync = ilv__race_object(m->race, object);
    if (sync != NULL) {
        ilv__race_apply(m->race, m->task, ilv__race_sync_in(m->race, &sync->other), what);
    }
}

static bool succeeded(const struct move *m)
{
    return m->step->result == 0 || m->step->result == ILV__EOWNERDEAD;
}

/* The task that an object of class TASK stands for, or -1. */
static int task_of(const struct move *m)
{
    uint32_t object = m->step->object;
    if (object == 0 || object >= m->view->object_count) {
        return -1;
    }
    return (int)m->view->objects[object].address;
}

void ilv_race_act_as(struct ilv_race *race, unsigned task, unsigned as)
{
    if (task < race->max_tasks && ilv__race_actor(race, as) != NULL) {
        race->acts_as[task] = (uint16_t)(as + 1);
    }
}

/* ---- tasks -------------------------------------------------------------------------------- */

static void create(const struct move *m)
{
    int task = task_of(m);
    if (m->step->result == 0 && task >= 0) {
        ilv_race_task_begin(m->race, (unsigned)task, m->task);
    }
}

static void cancel(const struct move *m)
{
    int task = task_of(m);
    struct ilv__actor *other = task < 0 ? NULL : ilv__race_actor(m->race, (unsigned)task);
    if (m->step->result == 0 && other != NULL) {
        ilv__race_apply(m->race, m->task, ilv__race_sync_in(m->race, &other->cancel),
                        ILV_RACE_RELEASE);
    }
}

/* A cancellation may have reached the task that makes the step. */
static void cancelled(const struct move *m)
{
    if (m->actor->cancel != 0) {
        ilv__race_apply(m->race, m->task, ilv__race_at(m->race, m->actor->cancel),
                        ILV_RACE_ACQUIRE);
    }
}

static void joins(const struct move *m)
{
    int task = task_of(m);
    if (m->step->result == 0 && task >= 0) {
        ilv_race_task_joined(m->race, m->task, (unsigned)task);
    }
}

/* ---- plain acquire and release ------------------------------------------------------------ */

static void acquire(const struct move *m)
{
    if (m->step->result == 0) {
        sync_object(m, m->step->object, ILV_RACE_ACQUIRE);
    }
}

static void release(const struct move *m)
{
    if (m->step->result == 0) {
        sync_object(m, m->step->object, ILV_RACE_RELEASE);
    }
}

/* ---- locks -------------------------------------------------------------------------------- */

static void take_lock(const struct move *m, uint32_t object)
{
    struct ilv__sync *sync = ilv__race_object(m->race, object);
    if (sync == NULL) {
        return;
    }
    if (m->step->result == ILV__EOWNERDEAD && sync->holder != 0) {
        ilv__race_know(m->race, m->task, sync->holder - 1u);
    }
    sync->holder = (uint16_t)(m->task + 1);
    ilv__race_apply(m->race, m->task, sync, ILV_RACE_ACQUIRE);
}

static void let_go(const struct move *m, uint32_t object)
{
    struct ilv__sync *sync = ilv__race_object(m->race, object);
    if (sync != NULL && m->step->result == 0 && m->step->value == 0) {
        sync->holder = 0;
        ilv__race_apply(m->race, m->task, sync, ILV_RACE_RELEASE);
    }
}

static void lock(const struct move *m)
{
    if (succeeded(m)) {
        take_lock(m, m->step->object);
    }
}

static void unlock(const struct move *m)
{
    let_go(m, m->step->object);
}

static void wait_begin(const struct move *m)
{
    let_go(m, m->step->object2);
}

static void wait_end(const struct move *m)
{
    if (m->step->result != ILV__ENOTRECOVERABLE) {
        take_lock(m, m->step->object2);
    }
}

static void write_lock(const struct move *m)
{
    if (m->step->result == 0) {
        take_lock(m, m->step->object);
        sync_other(m, m->step->object, ILV_RACE_ACQUIRE);
    }
}

static void unlock_rw(const struct move *m)
{
    struct ilv__sync *sync = ilv__race_object(m->race, m->step->object);
    if (sync == NULL || m->step->result != 0) {
        return;
    }
    if (sync->holder == m->task + 1) {
        sync->holder = 0;
        ilv__race_apply(m->race, m->task, sync, ILV_RACE_RELEASE);
    } else {
        sync_other(m, m->step->object, ILV_RACE_RELEASE);
    }
}

/* ---- barriers ----------------------------------------------------------------------------- */

/* One of those who will leave the round is gone. */
static void leave_round(struct ilv_race *race, uint32_t ref)
{
    struct ilv__sync *round = ilv__race_at(race, ref);
    if (--round->users == 0) {
        ilv__race_sync_drop(race, &ref);
    }
}

/* value: the how-manyth to arrive in its round. A round is kept until the next one has begun and
 * all have left it. */
static void arrive(const struct move *m)
{
    struct ilv__sync *barrier = ilv__race_object(m->race, m->step->object);
    if (barrier == NULL || m->step->result != 0) {
        return;
    }
    if (m->step->value <= 1 && barrier->other != 0) {
        leave_round(m->race, barrier->other);
        barrier->other = 0;
    }
    struct ilv__sync *round = ilv__race_sync_in(m->race, &barrier->other);
    if (round != NULL) {
        round->users++;
        m->actor->round = barrier->other;
        ilv__race_apply(m->race, m->task, round, ILV_RACE_RELEASE);
        ilv__race_apply(m->race, m->task, round, ILV_RACE_ACQUIRE);
    }
}

static void leave(const struct move *m)
{
    uint32_t ref = m->actor->round;
    if (ref != 0) {
        m->actor->round = 0;
        ilv__race_apply(m->race, m->task, ilv__race_at(m->race, ref), ILV_RACE_ACQUIRE);
        leave_round(m->race, ref);
    }
}

/* ---- once: by address, because programs look at the word themselves ------------------------- */

static void sync_word(const struct move *m, enum ilv_race_sync what)
{
    uint32_t object = m->step->object;
    if (m->step->result == 0 && object != 0 && object < m->view->object_count) {
        ilv_race_sync_at(m->race, m->task, m->view->objects[object].address, what);
    }
}

static void begin_once(const struct move *m)
{
    sync_word(m, ILV_RACE_ACQUIRE);
}

static void end_once(const struct move *m)
{
    sync_word(m, ILV_RACE_RELEASE);
}

/* ---- futexes, signals --------------------------------------------------------------------- */

/* value: how many were woken or moved. */
static void wake(const struct move *m)
{
    if (m->step->result == 0 && m->step->value != 0) {
        sync_object(m, m->step->object, ILV_RACE_RELEASE);
        sync_object(m, m->step->object2, ILV_RACE_RELEASE);
    }
}

static void sync_signal(const struct move *m, enum ilv_race_sync what)
{
    if (m->step->result == 0 && m->step->value < ILV__SIGNALS) {
        ilv__race_apply(m->race, m->task,
                        ilv__race_sync_in(m->race, &m->race->signal[m->step->value]), what);
    }
}

static void send(const struct move *m)
{
    sync_signal(m, ILV_RACE_RELEASE);
}

static void receive(const struct move *m)
{
    sync_signal(m, ILV_RACE_ACQUIRE);
    ilv__race_apply(m->race, m->task, ilv__race_sync_in(m->race, &m->race->timers),
                    ILV_RACE_ACQUIRE);
}

/* Who sets a timer reads the clock, and what is read is not told: value is 0. */
static void set_timer(const struct move *m)
{
    if (m->step->result == 0 && m->step->value == 0) {
        ilv__race_apply(m->race, m->task, ilv__race_sync_in(m->race, &m->race->timers),
                        ILV_RACE_RELEASE);
    }
}

/* ---- channels ----------------------------------------------------------------------------- */

static void sync_channels(const struct move *m, enum ilv_race_sync what)
{
    ilv__race_apply(m->race, m->task, ilv__race_sync_in(m->race, &m->race->channels), what);
}

/* value 1: both ends are this object (a pipe, a pair of sockets, a counter of events). */
static void open_channel(const struct move *m)
{
    struct ilv__sync *sync = ilv__race_object(m->race, m->step->object);
    if (sync != NULL && m->step->result == 0 && m->step->value == 1) {
        sync->holder = WHOLE;
    }
}

/* What is read came in through an object that is not known, unless this one is whole. */
static void read_channel(const struct move *m)
{
    const struct ilv__sync *sync = ilv__race_object(m->race, m->step->object);
    if (m->step->result == 0) {
        sync_object(m, m->step->object, ILV_RACE_ACQUIRE);
        if (sync == NULL || sync->holder != WHOLE) {
            sync_channels(m, ILV_RACE_ACQUIRE);
        }
    }
}

static void write_channel(const struct move *m)
{
    if (m->step->result == 0) {
        sync_object(m, m->step->object, ILV_RACE_RELEASE);
        sync_channels(m, ILV_RACE_RELEASE);
    }
}

static void poll(const struct move *m)
{
    sync_channels(m, ILV_RACE_ACQUIRE);
}

static void control(const struct move *m)
{
    poll(m);
    write_channel(m);
}

static void outside(const struct move *m)
{
    sync_channels(m, ILV_RACE_ACQUIRE);
    sync_channels(m, ILV_RACE_RELEASE);
}

/* ---- the table ---------------------------------------------------------------------------- */

static void (*const apply[ILV_EV_COUNT])(const struct move *m) = {
    [ILV_EV_TASK_CREATE] = create,
    [ILV_EV_TASK_JOIN] = joins,
    [ILV_EV_TASK_TRYJOIN] = joins,
    [ILV_EV_TASK_CANCEL] = cancel,
    [ILV_EV_TASK_TESTCANCEL] = cancelled,
    [ILV_EV_TASK_EXIT] = cancelled,
    [ILV_EV_MUTEX_LOCK] = lock,
    [ILV_EV_MUTEX_TRYLOCK] = lock,
    [ILV_EV_MUTEX_UNLOCK] = unlock,
    [ILV_EV_COND_WAIT] = wait_begin,
    [ILV_EV_COND_WAKE] = wait_end,
    [ILV_EV_RWLOCK_RDLOCK] = acquire,
    [ILV_EV_RWLOCK_TRYRDLOCK] = acquire,
    [ILV_EV_RWLOCK_WRLOCK] = write_lock,
    [ILV_EV_RWLOCK_TRYWRLOCK] = write_lock,
    [ILV_EV_RWLOCK_UNLOCK] = unlock_rw,
    [ILV_EV_BARRIER_WAIT] = arrive,
    [ILV_EV_BARRIER_LEAVE] = leave,
    [ILV_EV_SEM_WAIT] = acquire,
    [ILV_EV_SEM_TRYWAIT] = acquire,
    [ILV_EV_SEM_POST] = release,
    [ILV_EV_SEM_GETVALUE] = acquire,
    [ILV_EV_SPIN_LOCK] = lock,
    [ILV_EV_SPIN_TRYLOCK] = lock,
    [ILV_EV_SPIN_UNLOCK] = unlock,
    [ILV_EV_ONCE_BEGIN] = begin_once,
    [ILV_EV_ONCE_END] = end_once,
    [ILV_EV_FUTEX_AWAKE] = acquire,
    [ILV_EV_FUTEX_WAKE] = wake,
    [ILV_EV_FUTEX_REQUEUE] = wake,
    [ILV_EV_SIGNAL_SEND] = send,
    [ILV_EV_SIGNAL_WAIT] = receive,
    [ILV_EV_SIGNAL_HANDLER] = receive,
    [ILV_EV_SIGNAL_ACTION] = send,
    [ILV_EV_CHANNEL_OPEN] = open_channel,
    [ILV_EV_CHANNEL_CLOSE] = write_channel,
    [ILV_EV_CHANNEL_READ] = read_channel,
    [ILV_EV_CHANNEL_WRITE] = write_channel,
    [ILV_EV_CHANNEL_POLL] = poll,
    [ILV_EV_CHANNEL_CONTROL] = control,
    [ILV_EV_CLOCK_READ] = set_timer,
    [ILV_EV_FILE_READ] = acquire,
    [ILV_EV_FILE_WRITE] = release,
    [ILV_EV_OUTSIDE] = outside,
};

void ilv_race_step(struct ilv_race *race, const struct ilv_view *view, const struct ilv_step *step)
{
    unsigned as = step->task < race->max_tasks ? race->acts_as[step->task] : 0;
    struct move m = {race, view, step, as == 0 ? step->task : as - 1, NULL};
    m.actor = ilv__race_actor(race, m.task);
    if (step->kind >= ILV_EV_COUNT || m.actor == NULL || (step->flags & ILV_BLOCKED) != 0) {
        return;
    }
    if (apply[step->kind] != NULL) {
        apply[step->kind](&m);
    }
    if ((step->flags & ILV_INTERRUPTED) != 0) {
        cancelled(&m);
    }
}
