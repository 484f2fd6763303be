/* SPDX-License-Identifier: MIT */
/* Internal to the trace room: which effect beside which other is an order that counts. */
#ifndef ILV_TRACE_INTERNAL_H
#define ILV_TRACE_INTERNAL_H

#include <stdbool.h>

#include "trace.h"

/* Whether two operations with these effects on one object are dependent. ALL is not asked here:
 * it does not need a common object. */
static inline bool ilv__clash(unsigned a, unsigned b)
{
    static const uint8_t against[] = {
        [ILV_EFFECT_NONE] = 0,
        [ILV_EFFECT_READ] = 1u << ILV_EFFECT_ADD | 1u << ILV_EFFECT_WRITE,
        [ILV_EFFECT_ADD] = 1u << ILV_EFFECT_READ | 1u << ILV_EFFECT_WRITE,
        [ILV_EFFECT_WRITE] = 1u << ILV_EFFECT_READ | 1u << ILV_EFFECT_ADD | 1u << ILV_EFFECT_WRITE,
        [ILV_EFFECT_ALL] = 0,
    };
    return against[a] >> b & 1;
}

/* A poll of several channels at once looks at all channels; see events.def. */
static inline bool ilv__looks_at_all_channels(const struct ilv_event_row *row, uint32_t object)
{
    return object == 0 && row->cls == ILV_CLASS_CHANNEL && row->effect == ILV_EFFECT_READ;
}

static inline bool ilv__changes_a_channel(const struct ilv_event_row *row)
{
    return row->cls == ILV_CLASS_CHANNEL && row->effect == ILV_EFFECT_WRITE;
}

#endif
