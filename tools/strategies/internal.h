/* SPDX-License-Identifier: MIT */
/*
 * internal.h: what the strategies share. Of this room only.
 *
 * Unusual candidates. A deadline that passes while others could go on (ILV_HOW_EXPIRE) and a
 * wake-up that nobody sent (ILV_HOW_SPURIOUS) are candidates like any other, but there is one
 * for every sleeper at every point: taken as often as the others they would crowd out the
 * schedules that people mean. The strategies that draw by chance give them an eighth of the
 * weight (ILV__USUAL to ILV__UNUSUAL; pct.c says what that means there); those that do not draw
 * take them when nothing else is left.
 */
#ifndef ILV_STRATEGIES_INTERNAL_H
#define ILV_STRATEGIES_INTERNAL_H

#include "strategy.h"

#define STRATEGY(identifier, name, parameters, gloss) \
    extern const struct ilv_strategy ilv__strategy_##identifier;
#include "strategies.def"
#undef STRATEGY

enum { ILV__UNUSUAL = 1, ILV__USUAL = 8 };

static inline bool ilv__unusual(const struct ilv_candidate *c)
{
    return c->how == ILV_HOW_EXPIRE || c->how == ILV_HOW_SPURIOUS;
}

static inline uint32_t ilv__weight(const struct ilv_candidate *c)
{
    return ilv__unusual(c) ? ILV__UNUSUAL : ILV__USUAL;
}

/* Whether the choice is which of several waiters is woken. */
static inline bool ilv__which_waiter(const struct ilv_point *point)
{
    return point->candidate[0].how == ILV_HOW_WAKE;
}

/*
 * The priority of an unusual candidate from one drawn for a usual one: its eighth power, as
 * fractions of 2^64. The highest of independent priorities u^(1/w) belongs to each candidate
 * with a chance in proportion to its weight w, so this one has an eighth of the others' weight.
 */
static inline uint64_t ilv__unusual_priority(uint64_t priority)
{
    uint64_t x = priority >> 32;
    for (int i = 0; i < 3; i++) {
        x = x * x >> 32;
    }
    return x << 32 | (priority & UINT32_MAX);
}

/* Without a preemption: the task that ran last goes on while it can (into its signal handler if
 * it has one to run), else the first in order of paths that is not unusual, else the first. */
uint32_t ilv__stay(const struct ilv_point *point);

#endif
