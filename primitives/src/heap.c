/* SPDX-License-Identifier: MIT */
/*
 * heap.c: the allocator inside an arena.
 *
 * Two-level segregated fit (Masmano, Ripoll, Crespo, Real, ECRTS 2004): free blocks stand in bins
 * by size, sixteen to a power of two, and two bit maps find the next bin that has one. Taking and
 * freeing are a bounded number of steps, and neighbours are joined at once. Deviations: a block is
 * taken from the first bin whose blocks are all big enough, and before the arena grows the bin
 * below it is looked through, at most PATIENCE blocks; every word that changes passes through
 * ilv__change(), so that a death takes the whole operation back.
 *
 *     at            at + 8                             at + size - 8
 *     size | flags  contents, or next and prev free    size, when free
 *
 * References to blocks are those of their contents, at multiples of 16; a header stands 8 before.
 * Invariants: (1) sizes are multiples of 16, at least SMALLEST; (2) no two neighbours are free; (3)
 * BEFORE_FREE in a header says that the block before it is free, and only then its size is read
 * from its last word; (4) a header of size 0, in use, ends the heap; (5) a block in use carries
 * MARK, which no free block has.
 */
#include "heap.h"

enum {
    USED = 1,
    BEFORE_FREE = 2,
    SMALLEST = 32,
    PATIENCE = 32,
    STEP = 65536, /* an arena grows by at least so much, or by an eighth */
};

#define MARK 0xb10c000000000000ULL
#define SIZE_MASK 0x0000fffffffffff0ULL

struct bin {
    unsigned level;
    unsigned index;
};

static uint64_t header(const struct ilv_arena *arena, ilv_ref at)
{
    return *ilv__word(arena, at);
}

uint64_t ilv__block_size(const struct ilv_arena *arena, ilv_ref at)
{
    return header(arena, at) & SIZE_MASK;
}

static void put(struct ilv_arena *arena, ilv_ref at, uint64_t to)
{
    ilv__change(arena, &ilv__heap(arena)->undo, ilv__word(arena, at), to);
}

static void put_word(struct ilv_arena *arena, uint64_t *word, uint64_t to)
{
    ilv__change(arena, &ilv__heap(arena)->undo, word, to);
}

struct ilv__heap *ilv__heap_enter(struct ilv_arena *arena)
{
    struct ilv__heap *heap = ilv__heap(arena);
    if (ilv__unlikely(ilv__mutex_take(&heap->lock))) {
        ilv__undo_contents(arena, &heap->undo);
        ilv_mutex_consistent(&heap->lock);
    }
    return heap;
}

void ilv__heap_leave(struct ilv_arena *arena)
{
    ilv__mutex_leave(&ilv__heap(arena)->lock);
}

static struct bin bin_of(uint64_t size)
{
    if (size < 256)
        return (struct bin){0, (unsigned)size / 16};
    unsigned log = 63U - (unsigned)__builtin_clzll(size);
    return (struct bin){log - 7, (unsigned)(size >> (log - 4)) & 15};
}

/* The smallest size whose bin has only blocks of at least `size`. */
static uint64_t rounded_up(uint64_t size)
{
    if (size < 256)
        return size;
    unsigned log = 63U - (unsigned)__builtin_clzll(size);
    return size + (1ULL << (log - 4)) - 1;
}

static void bin_filled(struct ilv_arena *arena, struct bin bin)
{
    struct ilv__heap *heap = ilv__heap(arena);
    put_word(arena, &heap->bins_of[bin.level], heap->bins_of[bin.level] | 1ULL << bin.index);
    if (!(heap->levels >> bin.level & 1))
        put_word(arena, &heap->levels, heap->levels | 1ULL << bin.level);
}

static void bin_emptied(struct ilv_arena *arena, struct bin bin)
{
    struct ilv__heap *heap = ilv__heap(arena);
    uint64_t rest = heap->bins_of[bin.level] & ~(1ULL << bin.index);
    put_word(arena, &heap->bins_of[bin.level], rest);
    if (rest == 0)
        put_word(arena, &heap->levels, heap->levels & ~(1ULL << bin.level));
}

static void unlink_free(struct ilv_arena *arena, ilv_ref at)
{
    struct ilv__heap *heap = ilv__heap(arena);
    struct bin bin = bin_of(ilv__block_size(arena, at));
    ilv_ref next = *ilv__word(arena, at + 8);
    ilv_ref prev = *ilv__word(arena, at + 16);
    if (next != 0)
        put(arena, next + 16, prev);
    if (prev != 0)
        put(arena, prev + 8, next);
    else
        put_word(arena, &heap->bins[bin.level][bin.index], next);
    if (next == 0 && prev == 0)
        bin_emptied(arena, bin);
}

/* The block becomes a free one of that size; the header of the block behind it is the caller's. */
static void link_free(struct ilv_arena *arena, ilv_ref at, uint64_t size)
{
    struct ilv__heap *heap = ilv__heap(arena);
    struct bin bin = bin_of(size);
    ilv_ref first = heap->bins[bin.level][bin.index];
    put(arena, at, size);
    put(arena, at + size - 8, size);
    put(arena, at + 8, first);
    put(arena, at + 16, 0);
    put_word(arena, &heap->bins[bin.level][bin.index], at);
    if (first != 0)
        put(arena, first + 16, at);
    else
        bin_filled(arena, bin);
}

static ilv_ref fitting_in(const struct ilv_arena *arena, uint64_t size, struct bin bin)
{
    ilv_ref at = ilv__heap(arena)->bins[bin.level][bin.index];
    for (int i = 0; at != 0 && i < PATIENCE; i++, at = *ilv__word(arena, at + 8))
        if (ilv__block_size(arena, at) >= size)
            return at;
    return 0;
}

/* A free block of at least that size, or 0. */
static ilv_ref find_free(const struct ilv_arena *arena, uint64_t size)
{
    struct ilv__heap *heap = ilv__heap(arena);
    struct bin bin = bin_of(rounded_up(size));
    uint64_t bins = heap->bins_of[bin.level] & ~0ULL << bin.index;
    uint64_t levels = heap->levels & ~1ULL << bin.level;
    if (bins == 0 && levels == 0)
        return fitting_in(arena, size, bin_of(size));
    if (bins == 0) {
        bin.level = (unsigned)__builtin_ctzll(levels);
        bins = heap->bins_of[bin.level];
    }
    return heap->bins[bin.level][__builtin_ctzll(bins)];
}

/* The free block that ends the heap, or 0. */
static ilv_ref last_free(const struct ilv_arena *arena, uint64_t size)
{
    ilv_ref end = size - 8;
    return header(arena, end) & BEFORE_FREE ? end - *ilv__word(arena, end - 8) : 0;
}

/* How far the arena must grow for a block of `need` more bytes at its end; 0 when it cannot. */
static uint64_t grown_size(const struct ilv__heap *heap, uint64_t need)
{
    uint64_t step = heap->size / 8 > STEP ? heap->size / 8 : STEP;
    if (need > heap->limit - heap->size)
        return 0;
    uint64_t size = heap->size + (need > step ? need : step) + ILV__PAGE - 1;
    size &= ~(uint64_t)(ILV__PAGE - 1);
    return size < heap->limit ? size : heap->limit;
}

/* Makes the heap longer, in an operation of its own, so that its last block is free and has at
 * least `size` bytes. The word at the new end need not be noted: it is behind the old one. */
static int grow(struct ilv_arena *arena, uint64_t size)
{
    struct ilv__heap *heap = ilv__heap(arena);
    uint64_t old = heap->size;
    ilv_ref at = last_free(arena, old);
    uint64_t there = at != 0 ? ilv__block_size(arena, at) : 0;
    if (there >= size)
        return 0;
    uint64_t to = grown_size(heap, size - there);
    if (to == 0)
        return ENOMEM;
    int error = ilv__arena_reserve(arena, old, to);
    if (error != 0)
        return error;
    if (at != 0)
        unlink_free(arena, at);
    else
        at = old - 8;
    *ilv__word(arena, to - 8) = MARK | USED | BEFORE_FREE;
    link_free(arena, at, to - 8 - at);
    put_word(arena, &heap->size, to);
    ilv__commit(&heap->undo);
    return 0;
}

/* The free block becomes one in use; what is more than needed stays free. */
static void occupy(struct ilv_arena *arena, ilv_ref at, uint64_t size)
{
    uint64_t whole = ilv__block_size(arena, at);
    unlink_free(arena, at);
    if (whole - size >= SMALLEST) {
        link_free(arena, at + size, whole - size);
    } else {
        size = whole;
        put(arena, at + size, header(arena, at + size) & ~(uint64_t)BEFORE_FREE);
    }
    put(arena, at, MARK | size | USED);
}

/* Links and last word are noted: they must stand again if this is taken back. */
static void clear(struct ilv_arena *arena, ilv_ref at)
{
    uint64_t size = ilv__block_size(arena, at);
    put(arena, at + 8, 0);
    put(arena, at + 16, 0);
    put(arena, at + size - 8, 0);
    if (size > SMALLEST)
        memset(ilv__at(arena, at + 24), 0, size - SMALLEST);
}

static int take(struct ilv_arena *arena, uint64_t size, bool zero, uint64_t *slot)
{
    struct ilv__heap *heap = ilv__heap(arena);
    ilv_ref at = find_free(arena, size);
    if (at == 0) {
        int error = grow(arena, size);
        if (error != 0)
            return error;
        at = last_free(arena, heap->size);
    }
    occupy(arena, at, size);
    if (zero)
        clear(arena, at);
    put_word(arena, &heap->used, heap->used + ilv__block_size(arena, at));
    put_word(arena, &heap->blocks, heap->blocks + 1);
    if (ilv__ref(arena, slot) < heap->size)
        put_word(arena, slot, at + 8);
    else
        *slot = at + 8;
    ilv__commit(&heap->undo);
    return 0;
}

int ilv__heap_take(struct ilv_arena *arena, size_t size, bool zero, uint64_t *slot)
{
    if (size > ILV__BIGGEST)
        return ENOMEM;
    uint64_t whole = (size + 8 + 15) & ~15ULL;
    struct ilv__heap *heap = ilv__heap_enter(arena);
    int error =
        whole > heap->limit ? ENOMEM : take(arena, whole < SMALLEST ? SMALLEST : whole, zero, slot);
    ilv__heap_leave(arena);
    return error;
}

/* Under the lock: a block in use, as far as its header says. */
static bool in_use(const struct ilv_arena *arena, ilv_ref ref)
{
    const struct ilv__heap *heap = ilv__heap(arena);
    if ((ref & 15) != 0 || ref < sizeof *heap + 8 || ref >= heap->size - 8)
        return false;
    uint64_t head = header(arena, ref - 8);
    uint64_t size = head & SIZE_MASK;
    return (head & ~SIZE_MASK & ~(uint64_t)BEFORE_FREE) == (MARK | USED) && size >= SMALLEST &&
           size <= heap->size - 8 - (ref - 8);
}

static void release(struct ilv_arena *arena, ilv_ref at)
{
    uint64_t size = ilv__block_size(arena, at);
    ilv_ref behind = at + size;
    if (!(header(arena, behind) & USED)) {
        unlink_free(arena, behind);
        size += ilv__block_size(arena, behind);
        behind = at + size;
    }
    if (header(arena, at) & BEFORE_FREE) {
        at -= *ilv__word(arena, at - 8);
        size += ilv__block_size(arena, at);
        unlink_free(arena, at);
    }
    if (!(header(arena, behind) & BEFORE_FREE))
        put(arena, behind, header(arena, behind) | BEFORE_FREE);
    link_free(arena, at, size);
}

int ilv__heap_drop(struct ilv_arena *arena, ilv_ref ref, uint64_t *slot)
{
    struct ilv__heap *heap = ilv__heap_enter(arena);
    bool there = in_use(arena, ref);
    if (there) {
        if (slot != NULL)
            put_word(arena, slot, 0);
        put_word(arena, &heap->used, heap->used - ilv__block_size(arena, ref - 8));
        put_word(arena, &heap->blocks, heap->blocks - 1);
        uint64_t head = header(arena, ref - 8);
        put(arena, ref - 8, head & ~MARK);
        release(arena, ref - 8);
        ilv__commit(&heap->undo);
    }
    ilv__heap_leave(arena);
    return there ? 0 : EINVAL;
}

void ilv__heap_drop_from(struct ilv_arena *arena, uint64_t *slot)
{
    if (*slot != 0 && ilv__heap_drop(arena, *slot, slot) != 0)
        *slot = 0;
}

size_t ilv__heap_size_of(struct ilv_arena *arena, ilv_ref ref)
{
    ilv__heap_enter(arena);
    size_t size = in_use(arena, ref) ? ilv__block_size(arena, ref - 8) - 8 : 0;
    ilv__heap_leave(arena);
    return size;
}

void ilv__heap_make(struct ilv_arena *arena, uint64_t size)
{
    struct ilv__heap *heap = ilv__heap(arena);
    ilv_ref first = ILV__HEAP_FIRST;
    heap->version = ILV_ARENA_VERSION;
    heap->heap_size = sizeof *heap;
    heap->limit = arena->limit;
    heap->size = size;
    *ilv__word(arena, size - 8) = MARK | USED | BEFORE_FREE;
    link_free(arena, first, size - 8 - first);
    ilv__commit(&heap->undo);
    __atomic_store_n(&heap->magic, ILV__MAGIC, __ATOMIC_RELEASE);
}
