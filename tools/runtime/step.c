/* SPDX-License-Identifier: MIT */
/*
 * step.c: how a step is closed. ilv__done() tells all who follow a run, in this order: the
 * hashes that identify it, the strategy, the trace, the detectors.
 *
 * Fairness lives here too: a task that yields in a loop, or that fails the same attempt again and
 * again, lets the others go on. It stays marked until another task has made a step; sched.c passes
 * over marked tasks while there is another candidate.
 *
 * That alone lets two tasks that spin yield to each other for ever, while a strategy with
 * priorities keeps the third one, which they wait for, from going on. So turns are counted in
 * rounds (a few yields, or many steps): a task that ends a round during all of which others were
 * not chosen owes them a step. Until they have made it, it is passed over whenever one of them
 * could go on (after M. Musuvathi and S. Qadeer, "Fair Stateless Model Checking", PLDI 2008). Of
 * these the one that rested longest is not passed over itself, so there is always one that goes on.
 */
#include "runtime.h"

#include <errno.h>

#include "hash.h"

#define TICK_NS 1000      /* what a step takes on the virtual clock */
#define FAILED_ATTEMPTS 3 /* in a row on one object: the task lets the others go on */
#define SAME_READINGS 10
#define LOOP 13        /* steps of a loop in which a task rests after each in turn */
#define ROUND 1021     /* steps; a prime, so that rounds end at every place of a loop */
#define YIELD_TURNS 64 /* a yield counts as so many of them */
#define SPREAD_OBJECT UINT64_C(0xd6e8feb86659fd93)
#define SPREAD_STEP UINT64_C(0x9e3779b97f4a7c17) /* 3 modulo 4 */

static bool rests(const struct task *u, uint32_t since)
{
    return u->info->state == ILV_TASK_LIVE && u->last_step < since;
}

bool ilv__owes_a_step(const struct task *t)
{
    const struct world *w = &ilv__world;
    for (uint32_t i = 0; i < w->live; i++) {
        const struct task *u = &w->task[w->order[i]];
        if (u != t && u->owed && u->ready && rests(u, t->waits_for))
            return true;
    }
    return false;
}

/* Now t owes a step to all that could go on and have rested since the round began. */
static void end_round(struct task *t)
{
    struct world *w = &ilv__world;
    bool any = false;
    for (uint32_t i = 0; i < w->live; i++) {
        struct task *u = &w->task[w->order[i]];
        if (u != t && u->ready && rests(u, t->round))
            any = u->owed = true;
    }
    if (any && t->waits_for == 0)
        w->waiting++;
    if (any)
        t->waits_for = t->round;
    t->turns = 0;
    t->round = w->step;
}

static bool still_owes(const struct task *t)
{
    const struct world *w = &ilv__world;
    for (uint32_t i = 0; i < w->live; i++) {
        const struct task *u = &w->task[w->order[i]];
        if (u != t && u->owed && rests(u, t->waits_for))
            return true;
    }
    return false;
}

void ilv__clear_yield(struct task *t)
{
    ilv__world.yielded -= (uint32_t)t->yielded;
    ilv__world.waiting -= (uint32_t)(t->waits_for != 0);
    t->yielded = false;
    t->waits_for = 0;
}

static void clear_yields_of_others(const struct task *t)
{
    struct world *w = &ilv__world;
    for (uint32_t i = 0; i < w->live; i++) {
        struct task *u = &w->task[w->order[i]];
        if (u == t || !u->yielded)
            continue;
        u->yielded = false;
        w->yielded--;
    }
}

/* t has made the step that it was owed. */
static void clear_debts_to(struct task *t)
{
    struct world *w = &ilv__world;
    t->owed = false;
    for (uint32_t i = 0; i < w->live; i++) {
        struct task *u = &w->task[w->order[i]];
        if (u != t && u->waits_for != 0 && !still_owes(u))
            ilv__clear_yield(u);
    }
}

/* Steps of handlers are no progress: else two tasks, one of which sends signals and yields, could
 * keep the other from ever doing what it does. */
static bool in_handler(const struct ilv_step *step)
{
    return (step->flags & ILV_HANDLER) != 0 || step->kind == ILV_EV_SIGNAL_HANDLER ||
           step->kind == ILV_EV_SIGNAL_RETURN;
}

static void take_turns(struct task *t, uint32_t turns)
{
    t->turns += turns;
    if (ilv_unlikely(t->turns >= ROUND))
        end_round(t);
}

static void let_others_go_on(struct task *t)
{
    if (!t->yielded) {
        t->yielded = true;
        ilv__world.yielded++;
    }
    take_turns(t, YIELD_TURNS);
}

/*
 * The processor may well go on with a task that yields, so a yield is no promise: faults that need
 * the task to go on at once would be lost. It is one when the task has done nothing but what it
 * did between its last two: it waits in a loop.
 */
static void yield(struct task *t)
{
    if (t->path == t->path_before)
        let_others_go_on(t);
    else
        take_turns(t, YIELD_TURNS);
    t->path_before = t->path;
    t->path = 1;
}

static void follow_path(struct task *t, const struct ilv_step *step)
{
    t->path = (t->path + step->object) * SPREAD_OBJECT + step->kind;
}

/*
 * A loop that keeps reading the same is left at another of its steps each time. Were it always
 * after the reading, and that in a critical section of the program's own, nobody else could ever
 * enter.
 */
static void rest_soon(struct task *t)
{
    if (t->loops && t->rests_in == 0)
        t->rests_in = (uint8_t)(1 + t->rests++ % LOOP);
    else if (!t->loops)
        let_others_go_on(t);
    t->loops = false;
}

static void rest_now(struct task *t)
{
    if (ilv_unlikely(t->rests_in != 0) && --t->rests_in == 0)
        let_others_go_on(t);
}

/* Of memory: a clock that is polled tells another time each time. Two values in turn are two fields
 * of one word. */
static bool reads_something_else(const struct task *t, const struct ilv_step *step)
{
    return step->kind == ILV_EV_ATOMIC_LOAD && step->value != t->spin_value;
}

/* An attempt that keeps failing, or a reading that keeps giving the same, is a spin loop. */
static void watch_for_spinning(struct task *t, const struct ilv_step *step)
{
    static const uint8_t effects[] = {
#define EVENT(NAME, word, cls, effect, effect2, gloss) ILV_EFFECT_##effect,
#include "events.def"
#undef EVENT
    };
    unsigned effect = effects[step->kind];
    bool failed = step->result == EBUSY || step->result == EAGAIN || step->result == ETIMEDOUT;
    bool reading = effect == ILV_EFFECT_READ && !failed;
    if (!failed && !reading) {
        if (step->object == t->spin_object)
            t->spins = 0;
        t->loops = true;
        return;
    }
    if (step->object != t->spin_object || step->kind != t->spin_kind ||
        reads_something_else(t, step)) {
        t->spin_object = step->object;
        t->spin_kind = step->kind;
        t->spin_value = step->value;
        t->spins = 0;
    }
    if (++t->spins < (failed ? FAILED_ATTEMPTS : SAME_READINGS))
        return;
    if (failed)
        let_others_go_on(t);
    else
        rest_soon(t);
}

static unsigned outcome_flags(const struct task *t)
{
    unsigned flags = t->choice_flags | t->done_flags;
    if (t->how == ILV_HOW_EXPIRE)
        flags |= ILV_EXPIRED;
    if (t->how == ILV_HOW_SPURIOUS)
        flags |= ILV_SPURIOUS;
    if (t->handler_depth != 0)
        flags |= ILV_HANDLER;
    return flags;
}

static uint64_t object_id(uint32_t object)
{
    return object == 0 ? 0 : ilv__object_info(object)->id;
}

/* The trace's hash is a polynomial in the hashes of its steps: other orders give another. */
static void hash_step(const struct ilv_step *step, uint64_t task_id)
{
    struct world *w = &ilv__world;
    uint64_t hash = ilv_fingerprint_step(ilv__fingerprint, step, task_id, object_id(step->object),
                                         object_id(step->object2));
    w->trace_hash = w->trace_hash * SPREAD_STEP + hash;
}

static void begin_next_operation(struct task *t)
{
    t->interruptible = ILV_NEVER;
    t->choice_flags = 0;
    t->done_flags = 0;
    t->how = ILV_HOW_RUN;
    t->info->op.deadline = 0;
}

void ilv__done(int result, uint64_t value)
{
    struct world *w = &ilv__world;
    struct task *t = ilv__self;
    const struct ilv_op *op = &t->info->op;
    w->time += TICK_NS;
    if (ilv_unlikely(!w->active)) {
        begin_next_operation(t);
        return;
    }
    struct ilv_step step = {
        .time = w->time,
        .value = value,
        .result = result,
        .object = op->object,
        .object2 = op->object2,
        .site = op->site,
        .kind = op->kind,
        .task = t->index,
        .flags = (uint16_t)(op->flags | outcome_flags(t)),
        .ready = t->ready_count,
    };
    w->step++;
    t->info->steps++;
    t->last_step = w->step;
    hash_step(&step, t->info->id);
    if (ilv_unlikely(w->yielded != 0) && !in_handler(&step))
        clear_yields_of_others(t);
    if (ilv_unlikely(t->owed))
        clear_debts_to(t);
    rest_now(t);
    watch_for_spinning(t, &step);
    if (ilv_unlikely(op->kind == ILV_EV_TASK_YIELD)) {
        yield(t);
    } else {
        follow_path(t, &step);
        take_turns(t, 1);
    }
    if (w->strategy->step != NULL)
        w->strategy->step(ilv__strategy_state, &step);
    if (ilv_unlikely(w->record))
        ilv__record_step(&step);
    begin_next_operation(t);
    if (w->detect)
        ilv__judge_step(&step);
    if (ilv_unlikely(w->step >= w->plan->max_steps))
        ilv__end_run(ILV_END_STEPS, 0);
}

void ilv__simple(unsigned kind, uint32_t object, uint64_t value)
{
    struct ilv_op op = ilv__op(kind, object);
    op.value = value;
    ilv__point(&op, NULL);
    ilv__done(0, value);
}
