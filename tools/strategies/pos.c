/* SPDX-License-Identifier: MIT */
/*
 * POS: X. Yuan, J. Yang, R. Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.
 *
 * Every pending operation has a random priority; the highest that is possible is carried out.
 * After that the priorities of the pending operations that depend on it (depends.h) are drawn
 * anew, and the next operation of the task that made the step gets a new one. So the order of
 * dependent operations is drawn again and again, while independent ones cost no luck.
 *
 * Deviations from the paper:
 *  - "Racing" operations there are memory accesses; here they are all that depends.h calls
 *    dependent.
 *  - A priority is drawn when an operation is first seen as a candidate: one that was never
 *    possible could not have been picked, so this is the same.
 *  - Which waiter is woken is drawn uniformly: the waiters have no operation that is possible.
 *  - A signal handler is an operation of its own with its own priority. Unusual candidates
 *    (internal.h) have an eighth of the weight.
 *
 * The state of a task is touched only once it is seen, so that a run of three tasks writes to one
 * page.
 */
#include "hash.h"
#include "internal.h"
#include "rng.h"

struct pending {
    uint64_t priority;
    struct ilv_op op; /* as it was when the priority was drawn */
    uint32_t steps;   /* that the task had made then */
    bool drawn;       /* priority is valid */
};

struct state {
    struct ilv_rng rng;
    uint32_t known; /* entries of pending[] that have been set */
    struct pending pending[ILV_MAX_TASKS];
};
_Static_assert(sizeof(struct state) <= ILV_STRATEGY_STATE, "the state fits");

static void begin(void *state, const struct ilv_plan *p, const struct ilv_choice *choices,
                  const uint64_t *ids)
{
    (void)choices;
    (void)ids;
    struct state *s = state;
    ilv_rng_seed(&s->rng, p->seed);
    s->known = 0;
}

static uint64_t priority_of(struct state *s, const struct ilv_candidate *c)
{
    while (s->known <= c->task) {
        s->pending[s->known++].drawn = false;
    }
    struct pending *pending = &s->pending[c->task];
    if (!pending->drawn || pending->steps != c->steps) {
        *pending = (struct pending){ilv_rng_next(&s->rng), *c->op, c->steps, true};
    }
    return pending->priority;
}

static uint64_t rank(struct state *s, const struct ilv_candidate *c)
{
    uint64_t priority = priority_of(s, c);
    if (c->how == ILV_HOW_RUN) {
        return priority;
    }
    uint64_t other = ilv_hash_combine(priority, (uint64_t)c->how << 16 | c->signal);
    return ilv__unusual(c) ? ilv__unusual_priority(other) : other;
}

static uint32_t choose(void *state, const struct ilv_point *point)
{
    struct state *s = state;
    if (ilv__which_waiter(point)) {
        return ilv_rng_below(&s->rng, point->count);
    }
    uint32_t best = 0;
    uint64_t best_rank = rank(s, &point->candidate[0]);
    for (uint32_t i = 1; i < point->count; i++) {
        uint64_t r = rank(s, &point->candidate[i]);
        if (r > best_rank) {
            best = i;
            best_rank = r;
        }
    }
    return best;
}

static void step(void *state, const struct ilv_step *done)
{
    struct state *s = state;
    struct ilv_op op = {.kind = done->kind,
                        .flags = done->flags,
                        .object = done->object,
                        .object2 = done->object2,
                        .value = done->value};
    for (uint32_t t = 0; t < s->known; t++) {
        struct pending *pending = &s->pending[t];
        if (pending->drawn && (t == done->task || ilv_depends(&op, &pending->op))) {
            pending->drawn = false;
        }
    }
}

const struct ilv_strategy ilv__strategy_pos = {
    .name = "pos", .begin = begin, .choose = choose, .step = step};
