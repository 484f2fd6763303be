/* SPDX-License-Identifier: MIT */
/*
 * Whether two operations commute: by the effects that events.def gives them on the objects that
 * they share. An operation touches at most two objects, so there are four pairs to compare; two
 * cases need no common object: effect ALL, and a poll of several channels beside a change of
 * any channel.
 *
 * Runs inside the program under test, at every point for every candidate.
 */
#include "depends.h"

#include "internal.h"

/* Which effects beside this one, on one object, make an order that counts. ALL is not asked
 * here: it needs no common object. */
static const uint8_t against[] = {
    [ILV_EFFECT_NONE] = 0,
    [ILV_EFFECT_READ] = 1u << ILV_EFFECT_ADD | 1u << ILV_EFFECT_WRITE,
    [ILV_EFFECT_ADD] = 1u << ILV_EFFECT_READ | 1u << ILV_EFFECT_WRITE,
    [ILV_EFFECT_WRITE] = 1u << ILV_EFFECT_READ | 1u << ILV_EFFECT_ADD | 1u << ILV_EFFECT_WRITE,
    [ILV_EFFECT_ALL] = 0,
};

static bool clash_at(uint32_t object_a, unsigned effect_a, uint32_t object_b, unsigned effect_b)
{
    return object_a == object_b && object_a != 0 && (against[effect_a] >> effect_b & 1) != 0;
}

bool ilv_depends(const struct ilv_op *a, const struct ilv_op *b)
{
    const struct ilv_event_row *row_a = ilv__event_row(a->kind);
    const struct ilv_event_row *row_b = ilv__event_row(b->kind);
    if (row_a->effect == ILV_EFFECT_ALL || row_b->effect == ILV_EFFECT_ALL) {
        return true;
    }
    if (clash_at(a->object, row_a->effect, b->object, row_b->effect) ||
        clash_at(a->object, row_a->effect, b->object2, row_b->effect2) ||
        clash_at(a->object2, row_a->effect2, b->object, row_b->effect) ||
        clash_at(a->object2, row_a->effect2, b->object2, row_b->effect2)) {
        return true;
    }
    return (ilv__looks_at_all_channels(row_a, a->object) && ilv__changes_a_channel(row_b)) ||
           (ilv__looks_at_all_channels(row_b, b->object) && ilv__changes_a_channel(row_a));
}
