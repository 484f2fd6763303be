/* SPDX-License-Identifier: MIT */
/*
 * PCT: S. Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatte, "A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.
 *
 * Every task gets a random priority above d; the highest that can go on does. At d - 1 change
 * points, drawn over the length k of the run, the task that would go on is lowered to the
 * priority j of the change point, 1 <= j < d, below all others but those lowered to less. A bug
 * of depth d (one that needs d ordering constraints) among n tasks is found with a probability
 * of at least 1 / (n k^(d-1)).
 *
 * Deviations from the paper:
 *  - k counts choices, not steps. Where only one task can go on, a change has no effect before the
 *    next choice; so the bound holds with the smaller k.
 *  - k is not known: it is the largest number of choices that an earlier run had, and until
 *    there was one, 16, 64, 256 and 1024 in turns.
 *  - Tasks made during the run get their priority when they are first seen. It is a hash of seed
 *    and canonical id, so that it does not depend on the order of creation.
 *  - Which waiter is woken is a choice like any other: the one with the highest priority.
 *  - A task that could run a handler or go on has one priority for both; a coin decides.
 *  - An unusual candidate (internal.h) has the priority of its task in one of eight waits; in the
 *    others it comes after all tasks. This is drawn once a wait: a loop around a wait that may be
 *    woken spuriously for ever lets the others go on.
 *  - Tasks that yield or spin are passed over by the core before this strategy is asked.
 */
#include "hash.h"
#include "internal.h"
#include "rng.h"

#define MAX_DEPTH 64
#define HIGH (UINT64_C(1) << 63) /* priorities above d have this bit */
#define APART 4                  /* between two lowered priorities: room for the coin */

struct change {
    uint32_t at;    /* the choice, counted from 1 */
    uint32_t value; /* the priority it lowers to */
};

struct state {
    uint64_t seed;
    uint32_t made; /* choices so far */
    uint32_t next; /* change point ahead */
    uint32_t changes;
    uint32_t known; /* entries of priority[] that have been set */
    struct change change[MAX_DEPTH];
    uint64_t priority[ILV_MAX_TASKS]; /* 0: not drawn yet */
};
_Static_assert(sizeof(struct state) <= ILV_STRATEGY_STATE, "the state fits");

static void plan(const struct ilv_parameters *parameters, const struct ilv_knowledge *knowledge,
                 struct ilv_plan *out)
{
    uint32_t unknown = 16u << (2 * (out->run >> 1 & 3));
    uint32_t k = knowledge->runs == 0 ? unknown : knowledge->max_choices;
    out->u.pct.d = parameters->d;
    out->u.pct.choices = k > 0 ? k : 1;
}

static void insert(struct state *s, struct change change)
{
    uint32_t i = s->changes++;
    for (; i > 0 && s->change[i - 1].at > change.at; i--) {
        s->change[i] = s->change[i - 1];
    }
    s->change[i] = change;
}

static void begin(void *state, const struct ilv_plan *p, const struct ilv_choice *choices,
                  const uint64_t *ids)
{
    (void)choices;
    (void)ids;
    struct state *s = state;
    struct ilv_rng rng;
    ilv_rng_seed(&rng, p->seed);
    s->seed = ilv_rng_next(&rng);
    s->made = s->next = s->changes = s->known = 0;
    for (uint32_t j = 1; j < p->u.pct.d && j < MAX_DEPTH; j++) {
        insert(s, (struct change){1 + ilv_rng_below(&rng, p->u.pct.choices), j});
    }
}

static uint64_t *priority_of(struct state *s, const struct ilv_candidate *c)
{
    while (s->known <= c->task) {
        s->priority[s->known++] = 0;
    }
    uint64_t *priority = &s->priority[c->task];
    if (*priority == 0) {
        *priority = HIGH | (ilv_hash_combine(s->seed, c->task_id) & ~UINT64_C(3)) | 2;
    }
    return priority;
}

static uint64_t rank(struct state *s, const struct ilv_candidate *c)
{
    uint64_t priority = *priority_of(s, c);
    if (c->how == ILV_HOW_RUN || c->how == ILV_HOW_WAKE) {
        return priority;
    }
    uint64_t draw = ilv_hash_combine(s->seed ^ c->task_id, (uint64_t)c->how << 32 | c->steps);
    if (c->how == ILV_HOW_SIGNAL) {
        return (draw + c->signal) % 2 == 0 ? priority - 1 : priority + 1;
    }
    return draw % ILV__USUAL < ILV__UNUSUAL ? priority : (draw >> 32) % (APART - 1);
}

static uint32_t highest(struct state *s, const struct ilv_point *point)
{
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

static uint32_t choose(void *state, const struct ilv_point *point)
{
    struct state *s = state;
    uint32_t best = highest(s, point);
    s->made++;
    while (s->next < s->changes && s->change[s->next].at == s->made) {
        *priority_of(s, &point->candidate[best]) = (uint64_t)s->change[s->next++].value * APART;
        best = highest(s, point);
    }
    return best;
}

const struct ilv_strategy ilv__strategy_pct = {
    .name = "pct", .plan = plan, .begin = begin, .choose = choose};
