/* SPDX-License-Identifier: MIT */
/*
 * Random walk: at each choice the running task is left with probability p, and the next one is
 * drawn among the others; where it cannot go on, or a waiter is chosen, it is drawn among all.
 *
 * Candidates are drawn by weight (internal.h). Where all the others together weigh less than one
 * usual candidate, p shrinks in proportion: a task beside one sleeper is left with probability
 * p / 8, not p.
 */
#include "internal.h"
#include "rng.h"

struct state {
    struct ilv_rng rng;
    double p;
};
_Static_assert(sizeof(struct state) <= ILV_STRATEGY_STATE, "the state fits");

static void plan(const struct ilv_parameters *parameters, const struct ilv_knowledge *knowledge,
                 struct ilv_plan *out)
{
    (void)knowledge;
    out->u.random.p = parameters->p;
}

static void begin(void *state, const struct ilv_plan *p, const struct ilv_choice *choices,
                  const uint64_t *ids)
{
    (void)choices;
    (void)ids;
    struct state *s = state;
    ilv_rng_seed(&s->rng, p->seed);
    s->p = p->u.random.p;
}

/* The weight of all candidates but `without` (-1: of all). */
static uint32_t weigh(const struct ilv_point *point, int32_t without)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < point->count; i++) {
        sum += (int32_t)i == without ? 0 : ilv__weight(&point->candidate[i]);
    }
    return sum;
}

static bool stays(struct state *s, uint32_t others)
{
    double weight = others < ILV__USUAL ? (double)others / ILV__USUAL : 1.0;
    return ilv_rng_unit(&s->rng) >= s->p * weight;
}

static uint32_t choose(void *state, const struct ilv_point *point)
{
    struct state *s = state;
    uint32_t others = weigh(point, point->current);
    if (point->current >= 0 && stays(s, others)) {
        return (uint32_t)point->current;
    }
    uint32_t left = ilv_rng_below(&s->rng, others);
    uint32_t i = 0;
    for (;; i++) {
        uint32_t weight = (int32_t)i == point->current ? 0 : ilv__weight(&point->candidate[i]);
        if (left < weight) {
            return i;
        }
        left -= weight;
    }
}

const struct ilv_strategy ilv__strategy_random = {
    .name = "random", .plan = plan, .begin = begin, .choose = choose};
