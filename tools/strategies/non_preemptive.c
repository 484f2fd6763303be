/* SPDX-License-Identifier: MIT */
/* Non-preemptive: a switch only where a task cannot go on. Without state. */
#include "internal.h"

static void begin(void *state, const struct ilv_plan *p, const struct ilv_choice *choices,
                  const uint64_t *ids)
{
    (void)state;
    (void)p;
    (void)choices;
    (void)ids;
}

static uint32_t signal_of(const struct ilv_point *point, uint32_t task, uint32_t otherwise)
{
    for (uint32_t i = 0; i < point->count; i++) {
        if (point->candidate[i].task == task && point->candidate[i].how == ILV_HOW_SIGNAL) {
            return i;
        }
    }
    return otherwise;
}

uint32_t ilv__stay(const struct ilv_point *point)
{
    uint32_t pick = point->current >= 0 ? (uint32_t)point->current : 0;
    while (point->current < 0 && pick < point->count && ilv__unusual(&point->candidate[pick])) {
        pick++;
    }
    return pick < point->count ? signal_of(point, point->candidate[pick].task, pick) : 0;
}

static uint32_t choose(void *state, const struct ilv_point *point)
{
    (void)state;
    return ilv__stay(point);
}

const struct ilv_strategy ilv__strategy_non_preemptive = {
    .name = "non-preemptive", .begin = begin, .choose = choose};
