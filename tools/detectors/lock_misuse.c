/* SPDX-License-Identifier: MIT */
/*
 * Lock misuse: calls that POSIX leaves undefined, as soon as they were made. What the steps mean
 * is said in internal.h; here is what is wrong.
 *
 *   unlock-by-stranger     MUTEX_UNLOCK, SPIN_UNLOCK, RWLOCK_UNLOCK by a task that does not hold
 *   unlock-of-free         it, while somebody does or nobody does. Not when a mutex whose type
 *                          checks (errorcheck, recursive, robust) refused it with EPERM: that is
 *                          defined, and the program was told.
 *   destroy-while-held     MUTEX_DESTROY, RWLOCK_DESTROY, SPIN_DESTROY while a task holds it
 *   destroy-while-waited   COND_DESTROY, BARRIER_DESTROY while a task sleeps there that nobody
 *                          has woken (they are blocked then, so this is seen before the step);
 *                          MUTEX_DESTROY while a condition wait will take it again
 *   use-after-destroy      any other operation on a destroyed one (internal.h: memory that was
 *                          reused is a new object), but the last half of a sleep
 *   init-while-used        an INIT on the place of an object that others wait for or hold; of one
 *                          that the same task holds only if it is a variable of the program:
 *                          memory that was freed and reused has no owner to ask
 *   two-mutexes            COND_WAIT while another task sleeps there with another mutex
 *   wait-without-mutex     COND_WAIT with a mutex that the task does not hold, unless refused
 *                          with EPERM by a mutex that checks
 *
 * Semaphores are not judged: anybody may post, and closing is not destroying.
 */
#include "internal.h"

struct object {
    uint32_t last;      /* conditions: mutex of the last COND_WAIT; barriers: last to arrive + 1 */
    uint32_t destroyed; /* by a step that succeeded */
};

struct state {
    struct ilv__holds holds;
    struct ilv__signals signals;
    struct object *object;
    uint32_t max_objects;
};

static size_t state_size(void)
{
    return (sizeof(struct state) + 15) & ~(size_t)15;
}

static size_t size(uint32_t max_tasks, uint32_t max_objects)
{
    return state_size() + ilv__holds_size(max_tasks, max_objects) +
           (size_t)max_objects * sizeof(struct object) + ilv__signals_size(max_tasks, max_objects);
}

static void begin(void *state, uint32_t max_tasks, uint32_t max_objects)
{
    struct state *s = state;
    char *at = (char *)state + state_size();
    ilv__holds_begin(&s->holds, at, max_tasks, max_objects);
    at += ilv__holds_size(max_tasks, max_objects);
    s->object = (void *)at;
    at += (size_t)max_objects * sizeof(struct object);
    ilv__signals_begin(&s->signals, at, max_tasks, max_objects);
    s->max_objects = max_objects;
}

/* One step that is looked at; or, in block(), one that is about to be made. */
struct call {
    struct state *s;
    const struct ilv_view *view;
    const struct ilv_step *step;
    uint32_t number; /* of the step, 0 when it was not made */
};

/* ---- telling ------------------------------------------------------------------------------ */

static struct ilv_finding did(const struct call *c, unsigned kind, uint32_t object)
{
    struct ilv_finding finding =
        ilv__finding(c->view, ILV_VERDICT_LOCK_MISUSE, kind, c->step->task);
    ilv__part(&finding, ILV_ROLE_DID, c->step->task, object, c->number, c->step->site);
    return finding;
}

static void report(const struct call *c, unsigned kind, uint32_t object)
{
    struct ilv_finding finding = did(c, kind, object);
    c->view->report(c->view, &finding);
}

static void report_held(const struct call *c, unsigned kind, uint32_t object, unsigned holder)
{
    struct ilv_finding finding = did(c, kind, object);
    const struct ilv__taken *taken = ilv__held(&c->s->holds, object, holder);
    if (taken != NULL) {
        ilv__part(&finding, ILV_ROLE_HOLDS, holder, object, taken->step, taken->site);
    }
    c->view->report(c->view, &finding);
}

static void report_waited(const struct call *c, unsigned kind, uint32_t object, unsigned waiter)
{
    const struct ilv_op *op = &c->view->tasks[waiter].op;
    struct ilv_finding finding = did(c, kind, object);
    ilv__part(&finding, ILV_ROLE_WAITS, waiter, op->object, 0, op->site);
    c->view->report(c->view, &finding);
}

/* ---- looking ------------------------------------------------------------------------------ */

static bool checks(const struct call *c, uint32_t mutex)
{
    return (c->view->objects[mutex].flags & (ILV_ERRORCHECK | ILV_RECURSIVE | ILV_ROBUST)) != 0;
}

static bool refused(const struct call *c, uint32_t mutex)
{
    return c->step->result == ILV__EPERM && checks(c, mutex);
}

/* Whether all that happened to the lock was seen. */
static bool is_known(const struct call *c, uint32_t object)
{
    return !c->s->holds.blind &&
           (c->s->holds.lock[object].seen != 0 || c->view->objects[object].made_at != 0);
}

/* A task that holds the lock, another than `task` if possible, or -1. */
static int holder(const struct call *c, uint32_t object, unsigned task)
{
    uint32_t readers = 0;
    int owner = ilv__owner(&c->s->holds, object);
    return owner >= 0 ? owner : ilv__a_reader(&c->s->holds, object, task, &readers);
}

/* Another task that certainly sleeps on the condition, with another mutex than this one (0: with
 * whatever mutex), or -1. */
static int sleeper(const struct call *c, uint32_t condition, uint32_t mutex)
{
    for (uint32_t t = 0; t < c->view->task_count; t++) {
        const struct ilv_op *op = &c->view->tasks[t].op;
        if (t != c->step->task && op->object == condition && op->object2 != mutex &&
            ilv__asleep(&c->s->signals, c->view, t)) {
            return (int)t;
        }
    }
    return -1;
}

/* Another live task that waits for the lock, or that will take it again after a condition wait
 * (whether it was woken or not); or -1. */
static int taker(const struct call *c, uint32_t lock)
{
    for (uint32_t t = 0; t < c->view->task_count; t++) {
        const struct ilv_task_info *task = &c->view->tasks[t];
        bool retakes = task->op.kind == ILV_EV_COND_WAKE && task->op.object2 == lock;
        if (t != c->step->task && task->state == ILV_TASK_LIVE &&
            (retakes || ilv__lock_awaited(&c->s->signals, &task->op) == lock)) {
            return (int)t;
        }
    }
    return -1;
}

/* A task that waits at the barrier for others to come, or -1: the last one that arrived, unless
 * it opened the barrier or has left. */
static int arrived(const struct call *c, uint32_t barrier)
{
    int last = (int)c->s->object[barrier].last - 1;
    if (last < 0 || (uint32_t)last >= c->view->task_count) {
        return -1;
    }
    const struct ilv_op *op = &c->view->tasks[last].op;
    return op->kind == ILV_EV_BARRIER_LEAVE && op->object == barrier ? last : -1;
}

/* ---- what is wrong ------------------------------------------------------------------------ */

static bool use(const struct call *c, uint32_t object)
{
    bool wrong = c->s->object[object].destroyed != 0;
    if (wrong) {
        report(c, ILV_KIND_USE_DESTROYED, object);
    }
    return wrong;
}

static void used(const struct call *c)
{
    use(c, c->step->object);
}

static void unlocked(const struct call *c)
{
    uint32_t lock = c->step->object;
    unsigned task = c->step->task;
    if (use(c, lock) || refused(c, lock) || ilv__held(&c->s->holds, lock, task) != NULL ||
        !is_known(c, lock)) {
        return;
    }
    int other = holder(c, lock, task);
    if (other >= 0) {
        report_held(c, ILV_KIND_UNLOCK_STRANGER, lock, (unsigned)other);
    } else {
        report(c, ILV_KIND_UNLOCK_FREE, lock);
    }
}

static void destroyed(const struct call *c)
{
    uint32_t object = c->step->object;
    if (use(c, object)) {
        return;
    }
    int who = holder(c, object, c->step->task);
    if (who >= 0) {
        report_held(c, ILV_KIND_DESTROY_HELD, object, (unsigned)who);
    }
    bool mutex = c->step->kind == ILV_EV_MUTEX_DESTROY;
    who = who < 0 && mutex ? taker(c, object) : -1;
    if (who >= 0) {
        report_waited(c, ILV_KIND_DESTROY_WAITED, object, (unsigned)who);
    }
    c->s->object[object].destroyed = c->step->result == 0;
}

/* A destruction that has to wait. */
static void delayed(const struct call *c)
{
    uint32_t object = c->step->object;
    bool condition = c->step->kind == ILV_EV_COND_DESTROY;
    int who = condition ? sleeper(c, object, 0) : arrived(c, object);
    if (who >= 0) {
        report_waited(c, ILV_KIND_DESTROY_WAITED, object, (unsigned)who);
    }
}

static void arrives(const struct call *c)
{
    if (!use(c, c->step->object)) {
        c->s->object[c->step->object].last = c->step->task + 1U;
    }
}

/* The object that lay at the place of the new one and was not destroyed, or 0. */
static uint32_t replaced(const struct call *c)
{
    const struct ilv_object_info *objects = c->view->objects;
    uint64_t old = c->step->value;
    bool there = old != 0 && old < c->view->object_count && old < c->s->max_objects &&
                 old != c->step->object && objects[old].cls == objects[c->step->object].cls &&
                 objects[old].address == objects[c->step->object].address;
    return there && c->s->object[old].destroyed == 0 ? (uint32_t)old : 0;
}

/* A live task that holds the object, if that proves anything; or -1. */
static int user(const struct call *c, uint32_t object)
{
    int who = holder(c, object, c->step->task);
    bool proves = who != (int)c->step->task || c->view->objects[object].module != 0;
    return who >= 0 && proves && c->view->tasks[who].state == ILV_TASK_LIVE ? who : -1;
}

static void made(const struct call *c)
{
    uint32_t old = c->step->result == 0 ? replaced(c) : 0;
    if (old == 0) {
        return;
    }
    int who = user(c, old);
    if (who >= 0) {
        report_held(c, ILV_KIND_INIT_TWICE, old, (unsigned)who);
        return;
    }
    who = taker(c, old);
    who = who >= 0 ? who : sleeper(c, old, 0);
    if (who >= 0) {
        report_waited(c, ILV_KIND_INIT_TWICE, old, (unsigned)who);
    }
}

/* Only when the mutex is another than last time is it worth looking who sleeps. */
static void check_mutexes(const struct call *c)
{
    struct object *condition = &c->s->object[c->step->object];
    uint32_t mutex = c->step->object2;
    if (condition->last != 0 && condition->last != mutex) {
        int who = sleeper(c, c->step->object, mutex);
        if (who >= 0) {
            report_waited(c, ILV_KIND_WRONG_MUTEX, c->step->object, (unsigned)who);
        }
    }
    condition->last = mutex;
}

static void waited(const struct call *c)
{
    uint32_t mutex = c->step->object2;
    if (use(c, c->step->object) || use(c, mutex) || refused(c, mutex)) {
        return;
    }
    int owner = ilv__owner(&c->s->holds, mutex);
    if (owner != (int)c->step->task && (owner >= 0 || is_known(c, mutex))) {
        report(c, ILV_KIND_WAIT_UNLOCKED, mutex);
        return;
    }
    if (c->step->result == 0) {
        check_mutexes(c);
    }
}

static void (*const judge[ILV_EV_COUNT])(const struct call *c) = {
    [ILV_EV_MUTEX_INIT] = made,          [ILV_EV_MUTEX_DESTROY] = destroyed,
    [ILV_EV_MUTEX_LOCK] = used,          [ILV_EV_MUTEX_TRYLOCK] = used,
    [ILV_EV_MUTEX_UNLOCK] = unlocked,    [ILV_EV_MUTEX_CONSISTENT] = used,
    [ILV_EV_COND_INIT] = made,           [ILV_EV_COND_DESTROY] = destroyed,
    [ILV_EV_COND_WAIT] = waited,         [ILV_EV_COND_SIGNAL] = used,
    [ILV_EV_COND_BROADCAST] = used,      [ILV_EV_RWLOCK_INIT] = made,
    [ILV_EV_RWLOCK_DESTROY] = destroyed, [ILV_EV_RWLOCK_RDLOCK] = used,
    [ILV_EV_RWLOCK_TRYRDLOCK] = used,    [ILV_EV_RWLOCK_WRLOCK] = used,
    [ILV_EV_RWLOCK_TRYWRLOCK] = used,    [ILV_EV_RWLOCK_UNLOCK] = unlocked,
    [ILV_EV_BARRIER_INIT] = made,        [ILV_EV_BARRIER_DESTROY] = destroyed,
    [ILV_EV_BARRIER_WAIT] = arrives,     [ILV_EV_SPIN_INIT] = made,
    [ILV_EV_SPIN_DESTROY] = destroyed,   [ILV_EV_SPIN_LOCK] = used,
    [ILV_EV_SPIN_TRYLOCK] = used,        [ILV_EV_SPIN_UNLOCK] = unlocked,
};

static bool in_tables(const struct state *s, uint32_t object, uint32_t object2)
{
    return object != 0 && object < s->max_objects && object2 < s->max_objects;
}

static void step(void *state, const struct ilv_view *view, const struct ilv_step *done)
{
    struct state *s = state;
    if (done->kind < ILV_EV_COUNT && judge[done->kind] != NULL &&
        in_tables(s, done->object, done->object2)) {
        judge[done->kind](&(struct call){s, view, done, view->step});
    }
    ilv__holds_step(&s->holds, done, view->step);
    ilv__signals_step(&s->signals, done, view->step);
}

static void block(void *state, const struct ilv_view *view, unsigned task)
{
    struct state *s = state;
    const struct ilv_op *op = &view->tasks[task].op;
    if ((op->kind == ILV_EV_COND_DESTROY || op->kind == ILV_EV_BARRIER_DESTROY) &&
        in_tables(s, op->object, 0)) {
        struct ilv_step ahead = {
            .kind = op->kind, .task = (uint16_t)task, .object = op->object, .site = op->site};
        delayed(&(struct call){s, view, &ahead, 0});
    }
}

const struct ilv_detector ilv__detector_lock_misuse = {
    .name = "lock-misuse", .size = size, .begin = begin, .step = step, .block = block};
