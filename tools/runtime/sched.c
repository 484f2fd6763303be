/* SPDX-License-Identifier: MIT */
/*
 * sched.c: the core. point(operation) -> choose -> hand over.
 *
 * States of a task, by the fields that hold them:
 *
 *   running    world.current; the only one whose code executes
 *   ready      published an operation whose predicate holds
 *   blocked    published an operation whose predicate does not hold; it lies in the list of
 *              waiters of the operation's objects, and ilv__changed() looks at it again
 *   ended      not in world.order any more
 *
 * Transitions:
 *
 *   running -> ready/blocked   ilv__point() publishes
 *   ready <-> blocked          ilv__changed(), by whoever changed the object
 *   ready -> running           decide() picked it (ILV_HOW_RUN)
 *   blocked -> running         decide() let its deadline pass (ILV_HOW_EXPIRE), gave it a signal
 *                              (ILV_HOW_SIGNAL) or woke it spuriously (ILV_HOW_SPURIOUS)
 *   running -> ended           ilv__task_end(), then ilv__leave()
 *
 * Invariants:
 *
 *   1. A task that does not run has a published operation, and `ready` says whether its
 *      predicate holds now.
 *   2. Every task that does not run and whose operation has a predicate is linked.
 *   3. decide() is called by the running task only, and ends with exactly one task running.
 *
 * Fairness: a task that yields in a loop, or that fails the same attempt again and again, is
 * passed over until another task has made a step, under every strategy; so spinning cannot hide
 * progress (step.c sets the mark).
 */
#include "objects/memory.h"
#include "runtime.h"

#include "loader.h"

struct world ilv__world;
ILV_TLS struct task *ilv__self;

/* ---- waiting lists ------------------------------------------------------------------------ */

static uint32_t linked_object(const struct task *t, unsigned which)
{
    return which == 0 ? t->info->op.object : t->info->op.object2;
}

static void link_to(struct task *t, unsigned which)
{
    uint32_t index = linked_object(t, which);
    if (index == 0 || (which == 1 && index == t->info->op.object))
        return;
    struct object *o = ilv__object(index);
    t->next[which] = o->waiters;
    o->waiters = (uint16_t)(t->index + 1);
}

static unsigned which_link(const struct task *t, uint32_t object)
{
    return t->info->op.object == object ? 0 : 1;
}

static void unlink_from(struct task *t, unsigned which)
{
    uint32_t index = linked_object(t, which);
    if (index == 0 || (which == 1 && index == t->info->op.object))
        return;
    uint16_t *at = &ilv__object(index)->waiters;
    while (*at != (uint16_t)(t->index + 1)) {
        ILV_ASSERT(*at != 0);
        struct task *u = &ilv__world.task[*at - 1];
        at = &u->next[which_link(u, index)];
    }
    *at = t->next[which];
}

static void link_task(struct task *t)
{
    if (t->possible == NULL || t->linked)
        return;
    link_to(t, 0);
    link_to(t, 1);
    t->linked = true;
}

static void unlink_task(struct task *t)
{
    if (!t->linked)
        return;
    unlink_from(t, 0);
    unlink_from(t, 1);
    t->linked = false;
}

void ilv__move_waiter(struct task *t, uint32_t object)
{
    unlink_task(t);
    t->info->op.object = object;
    link_task(t);
}

void ilv__changed(uint32_t object)
{
    uint16_t next = ilv__object(object)->waiters;
    while (next != 0) {
        struct task *t = &ilv__world.task[next - 1];
        t->ready = t->possible(t);
        next = t->next[which_link(t, object)];
    }
}

/* ---- candidates --------------------------------------------------------------------------- */

/* What could happen next. */
struct offers {
    struct ilv_candidate *candidate; /* two a live task at most, at the end of the table */
    uint32_t count;
    int32_t current; /* the one that lets the running task go on, or -1 */
};

static struct offers no_offers(void)
{
    struct world *w = &ilv__world;
    return (struct offers){&w->candidate[(size_t)2 * (ILV_MAX_TASKS - w->live)], 0, -1};
}

static inline struct ilv_candidate candidate(const struct task *t, unsigned how, unsigned signal)
{
    return (struct ilv_candidate){
        .task_id = t->info->id,
        .op = &t->info->op,
        .steps = t->info->steps,
        .task = t->index,
        .how = (uint16_t)how,
        .signal = (uint16_t)signal,
    };
}

static inline void offer(struct offers *o, const struct task *t, unsigned how, unsigned signal)
{
    if (t == ilv__world.current && how != ILV_HOW_EXPIRE && o->current < 0)
        o->current = (int32_t)o->count;
    o->candidate[o->count++] = candidate(t, how, signal);
}

/* The earliest deadline that a blocked task waits for, or a timer; UINT64_MAX if there is none. */
static uint64_t earliest_deadline(void)
{
    const struct world *w = &ilv__world;
    uint64_t earliest = w->timer_next != 0 ? w->timer_next : UINT64_MAX;
    for (uint32_t i = 0; i < w->live; i++) {
        const struct task *t = &w->task[w->order[i]];
        uint64_t deadline = t->info->op.deadline;
        if (!t->ready && deadline != 0 && deadline < earliest)
            earliest = deadline;
    }
    return earliest;
}

static bool may_expire(const struct task *t, uint64_t until)
{
    return !t->ready && t->info->op.deadline != 0 && t->info->op.deadline <= until;
}

static bool may_wake_spuriously(const struct task *t)
{
    if ((ilv__world.plan->faults & ILV_FAULT_SPURIOUS) == 0)
        return false;
    bool wait = !t->ready && t->info->op.kind == ILV_EV_COND_WAKE;
    return (wait && ilv__cond_spurious_possible(t)) || ilv__memory_may_fail(t);
}

/* The signal is of a timer whose time has not come yet. */
static bool comes_early(const struct task *t, unsigned signal)
{
    const struct world *w = &ilv__world;
    if (ilv_likely(w->timers_early == 0) || signal == ILV_CANCEL_SIGNAL)
        return false;
    return ((t->pending | w->process_pending) >> (signal - 1) & 1) == 0;
}

static inline bool nothing_pending(const struct task *t)
{
    const struct world *w = &ilv__world;
    uint64_t any = t->pending | w->process_pending | w->timers_early | t->cancel_pending;
    return ilv_likely(any == 0);
}

static bool lets_others_go_on(const struct task *t)
{
    return ilv_unlikely(t->yielded) || (ilv_unlikely(t->waits_for != 0) && ilv__owes_a_step(t));
}

/* What t could do next, in order of how. A signal that reached it comes before all else, as it
 * does when the kernel lets a thread go on; only one that would come early may wait. */
static inline void offer_task(struct offers *o, const struct task *t, uint64_t until,
                              bool skip_yielded)
{
    unsigned signal = nothing_pending(t) ? 0 : ilv__signal_next(t);
    bool early = ilv_unlikely(signal != 0) && comes_early(t, signal);
    bool passed_over = skip_yielded && lets_others_go_on(t);
    if (ilv_likely(signal == 0) || early) {
        if (t->ready && !passed_over)
            offer(o, t, ILV_HOW_RUN, 0);
        else if (may_expire(t, until))
            offer(o, t, ILV_HOW_EXPIRE, 0);
    }
    if (ilv_unlikely(signal != 0) && !(early && passed_over))
        offer(o, t, ILV_HOW_SIGNAL, signal);
    if (ilv_unlikely(ilv__world.plan->faults != 0) && signal == 0 && may_wake_spuriously(t))
        offer(o, t, ILV_HOW_SPURIOUS, 0);
}

/* Nobody may count on a wake-up that nobody sent: it is offered beside other things only. */
static bool only_spurious(const struct offers *o)
{
    if (ilv_likely(ilv__world.plan->faults == 0))
        return false;
    for (uint32_t i = 0; i < o->count; i++)
        if (o->candidate[i].how != ILV_HOW_SPURIOUS)
            return false;
    return true;
}

/* All that could happen next, in order of path and how. Deadlines up to `until` may pass.
 * skip_yielded passes over tasks that let the others go on. */
static struct offers offer_all(uint64_t until, bool skip_yielded)
{
    const struct world *w = &ilv__world;
    struct offers o = no_offers();
    for (uint32_t i = 0; i < w->live; i++)
        offer_task(&o, &w->task[w->order[i]], until, skip_yielded);
    return only_spurious(&o) ? no_offers() : o;
}

/*
 * offer_all() with tasks passed over, for most choices and at a fraction of the cost. False if
 * a task has more to it than an operation that is possible or not, or if nothing is left.
 */
static inline bool offer_ready(struct offers *o)
{
    const struct world *w = &ilv__world;
    struct ilv_candidate *next = o->candidate;
    if (ilv_unlikely((w->timer_next | w->process_pending | w->plan->faults) != 0))
        return false;
    for (uint32_t i = 0; i < w->live; i++) {
        const struct task *t = &w->task[w->order[i]];
        if (ilv_unlikely((t->pending | t->cancel_pending) != 0))
            return false;
        if (ilv_unlikely(!t->ready && t->info->op.deadline != 0))
            return false;
        if (!t->ready || lets_others_go_on(t))
            continue;
        if (t == w->current)
            o->current = (int32_t)(next - o->candidate);
        *next++ = candidate(t, ILV_HOW_RUN, 0);
    }
    o->count = (uint32_t)(next - o->candidate);
    return o->count != 0;
}

/* Timers whose time has come send their signals. */
static void run_timers(void)
{
    struct world *w = &ilv__world;
    w->timers_early = 0;
    if (ilv_likely(w->timer_next == 0) || w->timer_next > w->time)
        return;
    ilv__timers_run();
    struct task *t = w->current; /* not linked: it has not been left yet */
    if (t->possible != NULL && t->info->state == ILV_TASK_LIVE)
        t->ready = t->possible(t);
}

/* What may happen without the clock jumping; nothing when all wait. */
static struct offers offer_in_time(void)
{
    struct world *w = &ilv__world;
    uint64_t until = w->time;
    if (w->plan->clock_free) {
        uint64_t earliest = earliest_deadline();
        if (earliest != UINT64_MAX && earliest > until)
            until = earliest;
    }
    bool timer = w->timer_next != 0 && w->timer_next <= until;
    w->timers_early = ilv_unlikely(timer) ? ilv__timers_signals(until) : 0;
    struct offers o = no_offers();
    if (ilv_unlikely((w->yielded | w->waiting) != 0))
        o = offer_all(until, true);
    if (o.count == 0)
        o = offer_all(until, false);
    return o;
}

static inline struct offers offer_now(void)
{
    struct offers o = no_offers();
    return ilv_likely(offer_ready(&o)) ? o : offer_in_time();
}

/* Nothing can go on now: the clock jumps to the next deadline, or a call whose peer is outside
 * comes back, or that was it. */
static struct offers offer_later(void)
{
    struct world *w = &ilv__world;
    for (;;) {
        uint64_t earliest = earliest_deadline();
        if (ilv__outside_wait(earliest)) {
            struct offers o = offer_all(w->time, false);
            if (o.count != 0)
                return o;
            continue;
        }
        if (earliest == UINT64_MAX)
            ilv__end_run(ILV_END_STUCK, 0);
        w->time = earliest;
        run_timers();
        struct offers o = offer_all(earliest, false);
        if (o.count != 0)
            return o;
    }
}

/* ---- choosing ----------------------------------------------------------------------------- */

static uint32_t ask_strategy(const struct offers *o)
{
    struct world *w = &ilv__world;
    struct ilv_point point = {o->candidate, o->count, o->current};
    uint32_t pick = w->strategy->choose(ilv__strategy_state, &point);
    if (ilv_unlikely(pick == ILV_DIVERGED))
        ilv__diverged(o->candidate, o->count);
    ILV_ASSERT(pick < o->count);
    w->choices++;
    ilv__record_choice(&o->candidate[pick]);
    return pick;
}

/* Outside a run (before the program reached its start, in exit handlers) nothing is chosen: the
 * running task goes on while it can. */
static uint32_t pick_without_choice(const struct offers *o)
{
    return o->current >= 0 ? (uint32_t)o->current : 0;
}

static void note_pick(const struct offers *o, const struct ilv_candidate *pick, struct task *t)
{
    struct world *w = &ilv__world;
    unsigned choice = o->count > 1 ? ILV_CHOICE : 0;
    t->how = (uint8_t)pick->how;
    t->signal = pick->signal;
    t->choice_flags = (uint16_t)choice;
    t->ready_count = (uint16_t)o->count;
    if (o->current >= 0 && pick->task != w->current->index) {
        w->preemptions++;
        t->choice_flags |= ILV_PREEMPT;
    }
    if (pick->how == ILV_HOW_EXPIRE && t->info->op.deadline > w->time) {
        w->time = t->info->op.deadline;
        t->choice_flags |= choice != 0 ? ILV_EARLY : 0;
    }
    if (ilv_unlikely(pick->how == ILV_HOW_SIGNAL && comes_early(t, pick->signal))) {
        w->time = w->timer_next;
        t->choice_flags |= ILV_EARLY;
        run_timers();
    }
}

/* Picks who goes on. The running task has published its operation, or has ended. */
static struct task *decide(void)
{
    struct world *w = &ilv__world;
    w->block->progress.points++;
    run_timers();
    if (ilv_unlikely(w->loader_waiters != 0))
        ilv__loader_look();
    struct offers o = offer_now();
    if (o.count == 0)
        o = offer_later();
    uint32_t pick = 0;
    if (o.count > 1)
        pick = w->active && w->no_choice == 0 ? ask_strategy(&o) : pick_without_choice(&o);
    struct task *t = &w->task[o.candidate[pick].task];
    w->block->progress.task = t->index;
    note_pick(&o, &o.candidate[pick], t);
    return t;
}

static void switch_to(struct task *from, struct task *to)
{
    if (from == to)
        return;
    link_task(from);
    ilv__world.current = to;
    ilv__backend->hand_over(from, to);
    unlink_task(from);
}

/*
 * Handlers that run before the call that t is about to make, and so do not end its wait: else a
 * program that loses a signal between its test and its wait would never be seen to.
 */
static void let_handlers_run(struct task *t)
{
    t->possible = NULL;
    t->ready = true;
    for (;;) {
        switch_to(t, decide());
        if (t->how == ILV_HOW_RUN)
            return;
        ilv__signal_interrupts(t);
    }
}

/* What a task meets that arrives at a call in which it may have to wait. Returns whether the call
 * ends at once: the task was cancelled. */
static bool arrive(struct task *t)
{
    if (ilv_unlikely(t->cancel_pending) && ilv__cancel_reaches(t)) {
        t->signal = ILV_CANCEL_SIGNAL;
        return ilv__signal_interrupts(t);
    }
    bool waits = t->interruptible != ILV_NEVER && t->info->op.kind != ILV_EV_SIGNAL_WAIT;
    if (ilv_unlikely(waits) && ilv__signal_may_come(t))
        let_handlers_run(t);
    return false;
}

/* Field by field, each as wide as it was just written: a wider load would wait until the stores
 * have left the processor's store buffer. */
static void publish(struct ilv_op *to, const volatile struct ilv_op *op)
{
    to->kind = op->kind;
    to->flags = op->flags;
    to->object = op->object;
    to->object2 = op->object2;
    to->site = op->site;
    to->value = op->value;
    to->deadline = op->deadline;
}

enum outcome ilv__point(const struct ilv_op *op, possible_fn *possible)
{
    struct task *t = ilv__self;
    ILV_ASSERT(t == ilv__world.current);
    publish(&t->info->op, op);
    if (ilv_unlikely(ilv__world.record)) {
        ilv__memory_settle(t);
        t->info->op.site = ilv__record_site();
    }
    if (ilv_unlikely(arrive(t)))
        return ILV_INTERRUPT;
    t->possible = possible;
    for (;;) {
        t->ready = possible == NULL || possible(t);
        if (!t->ready)
            ilv__judge_block(t);
        switch_to(t, decide());
        if (ilv_likely(t->how == ILV_HOW_RUN))
            return ILV_GO;
        if (t->how == ILV_HOW_EXPIRE)
            return ILV_TIMEOUT;
        if (t->how == ILV_HOW_SPURIOUS)
            return ILV_SPURIOUSLY;
        if (ilv__signal_interrupts(t))
            return ILV_INTERRUPT;
    }
}

void ilv__leave(void)
{
    struct task *t = ilv__self;
    struct task *to = decide();
    ilv__world.current = to;
    ilv__backend->leave(t, to);
}

uint32_t ilv__choose_waiter(const uint16_t *tasks, uint32_t n)
{
    if (n == 1 || !ilv__world.active || ilv__world.no_choice != 0)
        return 0;
    struct offers o = no_offers();
    for (uint32_t i = 0; i < n; i++)
        offer(&o, &ilv__world.task[tasks[i]], ILV_HOW_WAKE, 0);
    o.current = -1;
    ilv__self->choice_flags |= ILV_CHOICE;
    return ask_strategy(&o);
}
