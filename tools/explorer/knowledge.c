/* SPDX-License-Identifier: MIT */
/* A set of 64-bit values: open addressing over a power of two, at most half full. 0 has a flag. */
#include <stdlib.h>

#include "hash.h"
#include "internal.h"
#include "vec.h"

struct ilv__set {
    uint64_t *slot; /* 0: free */
    uint32_t room;  /* a power of two */
    uint32_t count;
    bool zero;
};

static uint64_t *slots_new(uint32_t room)
{
    uint64_t *slot = calloc(room, sizeof *slot);
    if (!slot)
        abort();
    return slot;
}

struct ilv__set *ilv__set_new(void)
{
    struct ilv__set *set = ilv_new(sizeof *set);
    *set = (struct ilv__set){.slot = slots_new(1024), .room = 1024};
    return set;
}

void ilv__set_free(struct ilv__set *set)
{
    if (set)
        free(set->slot);
    free(set);
}

/* The slot of value, or the free one where it belongs. */
static uint64_t *place(uint64_t *slot, uint32_t room, uint64_t value)
{
    uint32_t at = (uint32_t)ilv_hash_mix(value) & (room - 1);
    while (slot[at] && slot[at] != value)
        at = (at + 1) & (room - 1);
    return &slot[at];
}

static void grow(struct ilv__set *set)
{
    uint32_t room = set->room * 2;
    uint64_t *slot = slots_new(room);
    for (uint32_t i = 0; i < set->room; i++) {
        if (set->slot[i])
            *place(slot, room, set->slot[i]) = set->slot[i];
    }
    free(set->slot);
    set->slot = slot;
    set->room = room;
}

bool ilv__set_add(struct ilv__set *set, uint64_t value)
{
    if (!value) {
        bool fresh = !set->zero;
        set->zero = true;
        set->count += fresh;
        return fresh;
    }
    if (set->count * 2 >= set->room)
        grow(set);
    uint64_t *slot = place(set->slot, set->room, value);
    if (*slot)
        return false;
    *slot = value;
    set->count++;
    return true;
}

uint32_t ilv__set_count(const struct ilv__set *set)
{
    return set->count;
}
