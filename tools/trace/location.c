/* SPDX-License-Identifier: MIT */
/* location.c: names of words of memory, as the program and the explorer compare them. */
#include "location.h"

#include "hash.h"

uint64_t ilv_location_hash(const struct ilv_location *location)
{
    uint64_t hash = ilv_hash_combine(location->kind, location->offset);
    for (unsigned i = 0; i < ILV_LOCATION_DEPTH && location->frame[i] != 0; i++) {
        hash = ilv_hash_combine(hash, location->frame[i]);
    }
    return hash;
}

bool ilv_location_equal(const struct ilv_location *a, const struct ilv_location *b)
{
    for (unsigned i = 0; i < ILV_LOCATION_DEPTH; i++) {
        if (a->frame[i] != b->frame[i]) {
            return false;
        }
    }
    return a->kind == b->kind && a->offset == b->offset;
}
