/* SPDX-License-Identifier: MIT */
/* The table of strategies. */
#include "strategy.h"

#include "internal.h"

static const struct ilv_strategy *const table[] = {
#define STRATEGY(identifier, name, parameters, gloss) &ilv__strategy_##identifier,
#include "strategies.def"
#undef STRATEGY
};

const struct ilv_strategy *ilv_strategy(unsigned id)
{
    return id < ILV_STRATEGY_COUNT ? table[id] : NULL;
}
