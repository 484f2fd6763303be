/* SPDX-License-Identifier: MIT */
/*
 * Replay: follows a list of choices. A record says which task goes on, how, and how many choices
 * in a row; at the first of them it also says which operation the task was about to do and how
 * many steps it had made. A task or manner that is not offered is a divergence; in strict mode
 * so are another operation, another number of steps, and a choice after the end of the list. When
 * the list of a run that is not strict has ended, it goes on without preemption.
 */
#include "internal.h"

struct state {
    const struct ilv_choice *choices;
    const uint64_t *ids;
    uint32_t count;
    uint32_t record; /* to follow next; count: the list has ended */
    uint32_t within; /* how many choices of it have been made */
    bool strict;
};
_Static_assert(sizeof(struct state) <= ILV_STRATEGY_STATE, "the state fits");

static void begin(void *state, const struct ilv_plan *p, const struct ilv_choice *choices,
                  const uint64_t *ids)
{
    *(struct state *)state = (struct state){.choices = choices,
                                            .ids = ids,
                                            .count = choices != NULL ? p->u.replay.count : 0,
                                            .strict = p->strict != 0};
}

static bool named(const struct state *s, const struct ilv_choice *record,
                  const struct ilv_candidate *c)
{
    return c->how == record->how && c->task_id == s->ids[record->task] &&
           (c->how != ILV_HOW_SIGNAL || c->signal == record->signal);
}

static uint32_t find(const struct state *s, const struct ilv_point *point)
{
    const struct ilv_choice *record = &s->choices[s->record];
    for (uint32_t i = 0; i < point->count; i++) {
        if (named(s, record, &point->candidate[i])) {
            return i;
        }
    }
    return ILV_DIVERGED;
}

static bool matches(const struct state *s, const struct ilv_candidate *c)
{
    const struct ilv_choice *record = &s->choices[s->record];
    return !s->strict || s->within > 0 || (c->op->kind == record->kind && c->steps == record->nth);
}

static uint32_t choose(void *state, const struct ilv_point *point)
{
    struct state *s = state;
    if (s->record == s->count) {
        return s->strict ? ILV_DIVERGED : ilv__stay(point);
    }
    uint32_t pick = find(s, point);
    if (pick == ILV_DIVERGED || !matches(s, &point->candidate[pick])) {
        return ILV_DIVERGED;
    }
    if (++s->within >= s->choices[s->record].count) {
        s->record++;
        s->within = 0;
    }
    return pick;
}

void ilv_replay_position(const void *state, uint32_t *record, uint32_t *within)
{
    const struct state *s = state;
    *record = s->record;
    *within = s->within;
}

const struct ilv_strategy ilv__strategy_replay = {
    .name = "replay", .begin = begin, .choose = choose};
