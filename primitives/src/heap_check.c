/* SPDX-License-Identifier: MIT */
/*
 * heap_check.c: is every invariant of heap.c true? Once over the blocks in order of address, once
 * over the bins; the two must find the same free blocks.
 */
#include "heap.h"

enum {
    USED = 1,
    BEFORE_FREE = 2,
};

struct tally {
    uint64_t used;
    uint64_t blocks;
    uint64_t free;
};

static uint64_t head(const struct ilv_arena *arena, ilv_ref at)
{
    return *ilv__word(arena, at);
}

/* The block at `at` is as a block must be; `before` says whether the one before it is free. */
static bool block_holds(const struct ilv_arena *arena, ilv_ref at, bool before)
{
    uint64_t size = ilv__block_size(arena, at);
    uint64_t end = ilv__heap(arena)->size - 8;
    bool used = head(arena, at) & USED;
    if (size < 32 || size > end - at || !!(head(arena, at) & BEFORE_FREE) != before)
        return false;
    return used || (!before && *ilv__word(arena, at + size - 8) == size);
}

static bool blocks_hold(const struct ilv_arena *arena, struct tally *tally)
{
    ilv_ref end = ilv__heap(arena)->size - 8;
    bool before = false;
    ilv_ref at = ILV__HEAP_FIRST;
    while (at < end) {
        if (!block_holds(arena, at, before))
            return false;
        uint64_t size = ilv__block_size(arena, at);
        before = !(head(arena, at) & USED);
        tally->used += before ? 0 : size;
        tally->blocks += before ? 0 : 1;
        tally->free += before ? size : 0;
        at += size;
    }
    return at == end && ilv__block_size(arena, end) == 0 && (head(arena, end) & USED) &&
           !!(head(arena, end) & BEFORE_FREE) == before;
}

/* Every block of the list is free and points back; adds their bytes to *bytes. */
static bool bin_holds(const struct ilv_arena *arena, ilv_ref at, uint64_t *bytes)
{
    const struct ilv__heap *heap = ilv__heap(arena);
    ilv_ref prev = 0;
    for (; at != 0; prev = at, at = *ilv__word(arena, at + 8)) {
        if (at >= heap->size || (at & 15) != 8 || (head(arena, at) & USED) ||
            *ilv__word(arena, at + 16) != prev || *bytes > heap->size)
            return false;
        *bytes += ilv__block_size(arena, at);
    }
    return true;
}

static bool bins_hold(const struct ilv_arena *arena, const struct tally *tally)
{
    const struct ilv__heap *heap = ilv__heap(arena);
    uint64_t bytes = 0;
    for (unsigned level = 0; level < ILV__LEVELS; level++) {
        if ((heap->levels >> level & 1) != (heap->bins_of[level] != 0))
            return false;
        for (unsigned bin = 0; bin < ILV__BINS; bin++)
            if ((heap->bins_of[level] >> bin & 1) != (heap->bins[level][bin] != 0) ||
                !bin_holds(arena, heap->bins[level][bin], &bytes))
                return false;
    }
    return bytes == tally->free;
}

int ilv_arena_check(struct ilv_arena *arena)
{
    struct tally tally = {0, 0, 0};
    if (!ilv__arena_valid(arena))
        return EINVAL;
    struct ilv__heap *heap = ilv__heap_enter(arena);
    bool holds = heap->magic == ILV__MAGIC && blocks_hold(arena, &tally) &&
                 bins_hold(arena, &tally) && tally.used == heap->used &&
                 tally.blocks == heap->blocks && heap->undo.control == 0;
    ilv__heap_leave(arena);
    return holds ? 0 : EUCLEAN;
}
