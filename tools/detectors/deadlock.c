/* SPDX-License-Identifier: MIT */
/*
 * Deadlocks.
 *
 * Early, when a task has to wait and others could still go on: only a cycle in which every wait
 * has no deadline, can be ended by exactly one task (the owner of a mutex, of a spin lock, of a
 * rwlock for writing, its one reader, the runner of a once-initialiser, the task that is joined),
 * and in which nobody can be interrupted by a signal handler. From the task that waits, the only
 * task that could end its wait is looked up, and so on; since every step but the last of a cycle
 * was looked at before, a cycle leads back to the task that waits now.
 *
 * At the end of a run that is stuck, the best of:
 *
 *   cycle, self, join   as above, whoever could have been interrupted. self: one task waits for
 *                       what it holds. join: one of the waits of the cycle is a join.
 *   owner-ended         the owner of the lock has ended
 *   channel             somebody reads, writes or polls
 *   stuck               none of these
 *
 * The last two only when lost-wakeup does not claim the run (ilv__lost_wakeup_claims()).
 *
 * The finding tells of each task of the cycle what it holds and what it waits for; of a stuck run
 * of every task that is left, those that matter most first.
 */
#include "internal.h"

struct state {
    struct ilv__holds holds;
    struct ilv__signals signals;
    bool reported;
};

static size_t state_size(void)
{
    return (sizeof(struct state) + 15) & ~(size_t)15;
}

static size_t size(uint32_t max_tasks, uint32_t max_objects)
{
    return state_size() + ilv__holds_size(max_tasks, max_objects) +
           ilv__signals_size(max_tasks, max_objects);
}

static void begin(void *state, uint32_t max_tasks, uint32_t max_objects)
{
    struct state *s = state;
    char *at = (char *)state + state_size();
    ilv__holds_begin(&s->holds, at, max_tasks, max_objects);
    at += ilv__holds_size(max_tasks, max_objects);
    ilv__signals_begin(&s->signals, at, max_tasks, max_objects);
}

static void step(void *state, const struct ilv_view *view, const struct ilv_step *done)
{
    struct state *s = state;
    ilv__holds_step(&s->holds, done, view->step);
    ilv__signals_step(&s->signals, done, view->step);
}

/* ---- cycles ------------------------------------------------------------------------------ */

/* How many waits lead from the task back to it; 0 if they do not. early: see above. */
static uint32_t cycle_length(const struct state *s, const struct ilv_view *view, unsigned task,
                             bool early)
{
    unsigned at = task;
    for (uint32_t length = 1; length <= view->task_count; length++) {
        int next = ilv__ender(&s->holds, &s->signals, view, at, !early);
        if (next < 0 || view->tasks[next].state != ILV_TASK_LIVE ||
            (early && view->may_be_interrupted(view, at))) {
            return 0;
        }
        if ((unsigned)next == task) {
            return length;
        }
        at = (unsigned)next;
    }
    return 0;
}

static unsigned next_of(const struct state *s, const struct ilv_view *view, unsigned task)
{
    return (unsigned)ilv__ender(&s->holds, &s->signals, view, task, true);
}

static unsigned cycle_kind(const struct state *s, const struct ilv_view *view, unsigned task,
                           uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        if (view->tasks[task].op.kind == ILV_EV_TASK_JOIN) {
            return ILV_KIND_JOIN;
        }
        task = next_of(s, view, task);
    }
    return length == 1 ? ILV_KIND_SELF : ILV_KIND_CYCLE;
}

/* Cycles are told from their first task, whoever closed them. */
static unsigned first_of_cycle(const struct state *s, const struct ilv_view *view, unsigned task,
                               uint32_t length)
{
    unsigned first = task;
    for (uint32_t i = 0; i < length; i++) {
        first = task < first ? task : first;
        task = next_of(s, view, task);
    }
    return first;
}

/* ---- telling ------------------------------------------------------------------------------ */

static void tell_wait(struct ilv_finding *finding, const struct state *s,
                      const struct ilv_view *view, unsigned task)
{
    const struct ilv_op *op = &view->tasks[task].op;
    uint32_t lock = ilv__lock_awaited(&s->signals, op);
    ilv__part(finding, ILV_ROLE_WAITS, task, lock != 0 ? lock : op->object, 0, op->site);
}

static void tell_hold(struct ilv_finding *finding, const struct state *s, unsigned task,
                      uint32_t object)
{
    const struct ilv__taken *taken = ilv__held(&s->holds, object, task);
    if (taken != NULL) {
        ilv__part(finding, ILV_ROLE_HOLDS, task, object, taken->step, taken->site);
    }
}

static void tell_cycle(struct ilv_finding *finding, const struct state *s,
                       const struct ilv_view *view, unsigned task, uint32_t length)
{
    unsigned before = task;
    for (uint32_t i = 1; i < length; i++) {
        before = next_of(s, view, before);
    }
    for (uint32_t i = 0; i < length; i++) {
        tell_hold(finding, s, task, ilv__lock_awaited(&s->signals, &view->tasks[before].op));
        tell_wait(finding, s, view, task);
        before = task;
        task = next_of(s, view, task);
    }
}

static bool is_told(const struct ilv_finding *finding, unsigned task)
{
    for (unsigned i = 0; i < finding->parts_used; i++) {
        if (finding->part[i].task == task && finding->part[i].role == ILV_ROLE_WAITS) {
            return true;
        }
    }
    return false;
}

static void tell_task(struct ilv_finding *finding, const struct state *s,
                      const struct ilv_view *view, unsigned task)
{
    if (view->tasks[task].state != ILV_TASK_LIVE || is_told(finding, task)) {
        return;
    }
    for (uint32_t object = 1; object < view->object_count; object++) {
        tell_hold(finding, s, task, object);
    }
    tell_wait(finding, s, view, task);
}

static void report_cycle(struct state *s, const struct ilv_view *view, unsigned task,
                         uint32_t length, bool with_others)
{
    unsigned kind = cycle_kind(s, view, task, length);
    struct ilv_finding finding = ilv__finding(view, ILV_VERDICT_DEADLOCK, kind, task);
    tell_cycle(&finding, s, view, first_of_cycle(s, view, task, length), length);
    for (uint32_t t = 0; with_others && t < view->task_count; t++) {
        tell_task(&finding, s, view, t);
    }
    s->reported = true;
    view->report(view, &finding);
}

static void block(void *state, const struct ilv_view *view, unsigned task)
{
    struct state *s = state;
    uint32_t length = s->reported ? 0 : cycle_length(s, view, task, true);
    if (length != 0) {
        report_cycle(s, view, task, length, false);
    }
}

/* ---- stuck -------------------------------------------------------------------------------- */

static bool report_any_cycle(struct state *s, const struct ilv_view *view)
{
    for (uint32_t t = 0; t < view->task_count; t++) {
        bool live = view->tasks[t].state == ILV_TASK_LIVE;
        uint32_t length = live ? cycle_length(s, view, t, false) : 0;
        if (length != 0) {
            report_cycle(s, view, t, length, true);
            return true;
        }
    }
    return false;
}

static bool waits_for_the_dead(const struct state *s, const struct ilv_view *view, unsigned task)
{
    int owner = ilv__ender(&s->holds, &s->signals, view, task, true);
    return owner >= 0 && view->tasks[owner].state == ILV_TASK_ENDED &&
           view->tasks[task].op.kind != ILV_EV_TASK_JOIN;
}

static bool waits_on_a_channel(const struct state *s, const struct ilv_view *view, unsigned task)
{
    (void)s;
    return ilv_event_row(view->tasks[task].op.kind)->cls == ILV_CLASS_CHANNEL;
}

/* What a stuck run is called by one of its tasks, the best first. */
static const struct cause {
    unsigned kind;
    bool (*is)(const struct state *s, const struct ilv_view *view, unsigned task);
} causes[] = {
    {ILV_KIND_OWNER_ENDED, waits_for_the_dead},
    {ILV_KIND_CHANNEL, waits_on_a_channel},
};

static bool is_cause(const struct cause *cause, const struct state *s, const struct ilv_view *view,
                     unsigned task)
{
    return view->tasks[task].state == ILV_TASK_LIVE && cause->is(s, view, task);
}

static const struct cause *find_cause(const struct state *s, const struct ilv_view *view)
{
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        for (uint32_t t = 0; t < view->task_count; t++) {
            if (is_cause(&causes[i], s, view, t)) {
                return &causes[i];
            }
        }
    }
    return NULL;
}

static void tell_causes(struct ilv_finding *finding, const struct cause *cause,
                        const struct state *s, const struct ilv_view *view)
{
    for (uint32_t t = 0; cause != NULL && t < view->task_count; t++) {
        if (!is_cause(cause, s, view, t)) {
            continue;
        }
        if (cause->kind == ILV_KIND_OWNER_ENDED) {
            tell_hold(finding, s, next_of(s, view, t),
                      ilv__lock_awaited(&s->signals, &view->tasks[t].op));
        }
        tell_task(finding, s, view, t);
    }
}

static void report_stuck(struct state *s, const struct ilv_view *view, unsigned task)
{
    const struct cause *cause = find_cause(s, view);
    unsigned kind = cause != NULL ? cause->kind : ILV_KIND_STUCK;
    if (kind != ILV_KIND_OWNER_ENDED && ilv__lost_wakeup_claims(&s->signals, view)) {
        return;
    }
    struct ilv_finding finding = ilv__finding(view, ILV_VERDICT_DEADLOCK, kind, task);
    tell_causes(&finding, cause, s, view);
    for (uint32_t t = 0; t < view->task_count; t++) {
        tell_task(&finding, s, view, t);
    }
    s->reported = true;
    view->report(view, &finding);
}

static void end(void *state, const struct ilv_view *view, const struct ilv_ending *ending)
{
    struct state *s = state;
    if (ending->how == ILV_END_STUCK && !s->reported && !report_any_cycle(s, view)) {
        report_stuck(s, view, ending->task);
    }
}

const struct ilv_detector ilv__detector_deadlock = {
    .name = "deadlock", .size = size, .begin = begin, .step = step, .block = block, .end = end};
