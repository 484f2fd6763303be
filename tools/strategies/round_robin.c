/* SPDX-License-Identifier: MIT */
/*
 * Round robin: at every choice the task whose last turn is longest ago, in order of paths among
 * those that had none; unusual candidates (internal.h) only when nothing else is left. A task
 * that has a signal handler to run takes its turn with that.
 */
#include "internal.h"

struct state {
    uint32_t turn;                /* of the last choice; they begin with 1 */
    uint32_t known;               /* entries of last[] that have been set */
    uint32_t last[ILV_MAX_TASKS]; /* turn that the task had, 0: none yet */
};
_Static_assert(sizeof(struct state) <= ILV_STRATEGY_STATE, "the state fits");

static void begin(void *state, const struct ilv_plan *p, const struct ilv_choice *choices,
                  const uint64_t *ids)
{
    (void)p;
    (void)choices;
    (void)ids;
    struct state *s = state;
    s->turn = s->known = 0;
}

static uint32_t *last_turn(struct state *s, const struct ilv_candidate *c)
{
    while (s->known <= c->task) {
        s->last[s->known++] = 0;
    }
    return &s->last[c->task];
}

static bool goes_before(struct state *s, const struct ilv_candidate *a,
                        const struct ilv_candidate *b)
{
    if (ilv__unusual(a) != ilv__unusual(b)) {
        return ilv__unusual(b);
    }
    if (a->task == b->task) {
        return a->how == ILV_HOW_SIGNAL && b->how != ILV_HOW_SIGNAL;
    }
    return *last_turn(s, a) < *last_turn(s, b);
}

/* The task that ran last has had its turn even if it came without a choice. A waiter that is
 * woken does not run yet: that is no turn. */
static uint32_t choose(void *state, const struct ilv_point *point)
{
    struct state *s = state;
    if (point->current >= 0) {
        *last_turn(s, &point->candidate[point->current]) = ++s->turn;
    }
    uint32_t best = 0;
    for (uint32_t i = 1; i < point->count; i++) {
        if (goes_before(s, &point->candidate[i], &point->candidate[best])) {
            best = i;
        }
    }
    if (!ilv__which_waiter(point)) {
        *last_turn(s, &point->candidate[best]) = ++s->turn;
    }
    return best;
}

const struct ilv_strategy ilv__strategy_round_robin = {
    .name = "round-robin", .begin = begin, .choose = choose};
