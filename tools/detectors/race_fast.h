/* SPDX-License-Identifier: MIT */
/*
 * race_fast.h: the part of the race detector that is compiled into its user. Included by race.h.
 *
 * A *record* is one access to a word, in 64 bits:
 *
 *     63        32 31      20 19  15 14      13    12         8 7         0
 *     clock        slot       0      marked  more  ILV_RACE_*   bytes of the word
 *
 * Clock and slot say by whom and when (race_clocks.c): the key. A cell, one for each word, has two
 * records, the newest access first; `more` says that the second one is a list of further ones.
 */
#ifndef ILV_RACE_FAST_H
#define ILV_RACE_FAST_H

#include <stdbool.h>
#include <stdint.h>

#define ILV__PAGE_BITS 12
#define ILV__WORDS 512u /* in a page */
#define ILV__LOOKUPS 256u

#define ILV__RECORD_BYTES UINT64_C(0xff)
#define ILV__RECORD_WHAT 8 /* shift */
#define ILV__RECORD_WRITE (UINT64_C(1) << 8)
#define ILV__RECORD_ATOMIC (UINT64_C(1) << 9)
#define ILV__RECORD_FREE (UINT64_C(1) << 10)
#define ILV__RECORD_MORE (UINT64_C(1) << 13)
#define ILV__RECORD_MARKED (UINT64_C(1) << 14)
#define ILV__RECORD_SLOT 20 /* shift */
#define ILV__RECORD_KEY (~UINT64_C(0) << ILV__RECORD_SLOT)

struct ilv__race_cell {
    uint64_t record[2];
};

struct ilv__race_leaf;

/* What was found last for pages whose numbers end in the same bits. */
struct ilv__race_lookup {
    uint64_t page; /* number + 1; 0: none */
    struct ilv__race_cell *cells;
    struct ilv__race_leaf *leaf;
};

/* The beginning of struct ilv_race. */
struct ilv__race_front {
    uint64_t *key; /* by task: of what it does now; 0: not begun */
    struct ilv__race_lookup lookup[ILV__LOOKUPS];
};

/* The bytes of its word that an access touches. */
static inline uint64_t ilv__race_bytes(uint64_t address, unsigned size)
{
    return ((UINT64_C(1) << (size & 63)) - 1) << (address & 7);
}

static inline bool ilv_race_same(const struct ilv_race *race, unsigned task, uint64_t address,
                                 unsigned size, unsigned write)
{
    const struct ilv__race_front *front = (const struct ilv__race_front *)(const void *)race;
    uint64_t page = address >> ILV__PAGE_BITS;
    const struct ilv__race_lookup *lookup = &front->lookup[page % ILV__LOOKUPS];
    if (lookup->page != page + 1) {
        return false;
    }
    const uint64_t *record = lookup->cells[address >> 3 & (ILV__WORDS - 1)].record;
    uint64_t must = ilv__race_bytes(address, size) | (uint64_t)write << ILV__RECORD_WHAT;
    uint64_t want = front->key[task] | must;
    uint64_t care = ILV__RECORD_KEY | ILV__RECORD_ATOMIC | ILV__RECORD_MARKED | must;
    return ((record[0] ^ want) & care) == 0 ||
           (((record[1] ^ want) | (record[0] & ILV__RECORD_MARKED)) & care) == 0;
}

#endif
