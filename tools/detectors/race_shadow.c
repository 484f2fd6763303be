/* SPDX-License-Identifier: MIT */
/*
 * The race detector's memory: from an address to its cell in four levels (13, 13 and 9 bits, then
 * the word), with the last answers kept for race_fast.h. A page gets its leaf of cells when some
 * of it is accessed. Small things are cut from the arena in
 * lines of 64 bytes and, when given back, kept in lists by kind, linked by their first word.
 */
#include <string.h>

#include "race_parts.h"

#define LINE 64u
#define DIRECTORY_SHIFT 34
#define MIDDLE_SHIFT 21
#define LOW_ENTRIES 512u
#define PAGE_SIZE (UINT64_C(1) << ILV__PAGE_BITS)

/* ---- pieces ------------------------------------------------------------------------------- */

static uint32_t take_aligned(struct ilv_race *race, size_t size, size_t align)
{
    char *piece = ilv_arena_take(&race->arena, size, align);
    if (piece == NULL) {
        race->full = true;
        return 0;
    }
    return (uint32_t)((size_t)(piece - race->base) / LINE);
}

uint32_t ilv__race_take(struct ilv_race *race, size_t size)
{
    return take_aligned(race, size, LINE);
}

uint32_t ilv__race_take_from(struct ilv_race *race, uint32_t *list, size_t size)
{
    uint32_t ref = *list;
    if (ref == 0) {
        return ilv__race_take(race, size);
    }
    *list = *(uint32_t *)ilv__race_at(race, ref);
    return ref;
}

void ilv__race_give(struct ilv_race *race, uint32_t *list, uint32_t ref)
{
    *(uint32_t *)ilv__race_at(race, ref) = *list;
    *list = ref;
}

/* ---- leaves ------------------------------------------------------------------------------- */

/* What the ref leads to, made if there is none. */
static void *next_level(struct ilv_race *race, uint32_t *ref, size_t size, bool make)
{
    if (*ref == 0 && make) {
        *ref = ilv__race_take(race, size);
    }
    return *ref == 0 ? NULL : ilv__race_at(race, *ref);
}

struct ilv__race_page *ilv__race_page(struct ilv_race *race, uint64_t address, bool make)
{
    if (address >> (DIRECTORY_SHIFT + 13) != 0) {
        return NULL;
    }
    uint32_t *middle = next_level(race, &race->directory[address >> DIRECTORY_SHIFT],
                                  ILV__DIRECTORY * sizeof *middle, make);
    if (middle == NULL) {
        return NULL;
    }
    struct ilv__race_page *low =
        next_level(race, &middle[address >> MIDDLE_SHIFT & (ILV__DIRECTORY - 1)],
                   LOW_ENTRIES * sizeof *low, make);
    return low == NULL ? NULL : &low[address >> ILV__PAGE_BITS & (LOW_ENTRIES - 1)];
}

/* A page without a leaf gets one. */
static void make_leaf(struct ilv_race *race, struct ilv__race_page *page)
{
    page->leaf = take_aligned(race, sizeof(struct ilv__race_leaf), PAGE_SIZE);
    struct ilv__race_leaf *leaf = ilv__race_at(race, page->leaf);
    for (unsigned i = 0; i < ILV__WORDS && page->leaf != 0 && page->record != 0; i++) {
        leaf->cell[i].record[0] = page->record;
        if (page->site != 0) {
            leaf->site[i][0] = page->site;
        }
    }
    page->record = 0;
    page->site = 0;
}

static struct ilv__race_leaf *find_leaf(struct ilv_race *race, uint64_t address, bool make)
{
    uint64_t number = address >> ILV__PAGE_BITS;
    struct ilv__race_lookup *lookup = &race->front.lookup[number % ILV__LOOKUPS];
    if (lookup->page == number + 1) {
        return lookup->leaf;
    }
    struct ilv__race_page *page = ilv__race_page(race, address, make);
    if (page != NULL && page->leaf == 0 && make) {
        make_leaf(race, page);
    }
    if (page == NULL || page->leaf == 0) {
        return NULL;
    }
    struct ilv__race_leaf *leaf = ilv__race_at(race, page->leaf);
    *lookup = (struct ilv__race_lookup){number + 1, leaf->cell, leaf};
    return leaf;
}

struct ilv__race_leaf *ilv__race_leaf(struct ilv_race *race, uint64_t address)
{
    return find_leaf(race, address, false);
}

struct ilv__race_leaf *ilv__race_leaf_made(struct ilv_race *race, uint64_t address)
{
    return find_leaf(race, address, true);
}

/* ---- fresh memory ------------------------------------------------------------------------- */

void ilv__race_drop_list(struct ilv_race *race, struct ilv__race_leaf *leaf, unsigned word)
{
    uint32_t ref = ilv__race_list(&leaf->cell[word]);
    while (ref != 0) {
        uint32_t next = ((struct ilv__race_node *)ilv__race_at(race, ref))->next;
        ilv__race_give(race, &race->free_node, ref);
        ref = next;
    }
    leaf->cell[word].record[1] = 0;
    leaf->lists--;
}

static void drop_extras(struct ilv_race *race, struct ilv__race_leaf *leaf, unsigned word)
{
    if (leaf->lists != 0 && ilv__race_list(&leaf->cell[word]) != 0) {
        ilv__race_drop_list(race, leaf, word);
    }
    if (leaf->marks != 0 && leaf->mark[word] != 0) {
        leaf->mark[word] = 0;
        leaf->marks--;
    }
    if (leaf->syncs != 0 && leaf->sync[word] != 0) {
        ilv__race_word_forget(race, leaf, word);
    }
}

static void clear_words(struct ilv_race *race, struct ilv__race_leaf *leaf, unsigned first,
                        unsigned end)
{
    bool plain = (leaf->lists | leaf->marks | leaf->syncs) == 0;
    for (unsigned word = first; word < end && !plain; word++) {
        drop_extras(race, leaf, word);
    }
    memset(&leaf->cell[first], 0, (end - first) * sizeof leaf->cell[0]);
}

/* Only some bytes of the word: other records of it keep theirs. */
static void clear_bytes(struct ilv_race *race, struct ilv__race_leaf *leaf, unsigned word,
                        uint64_t bytes)
{
    struct ilv__race_cell *cell = &leaf->cell[word];
    cell->record[0] &= ~bytes;
    if (ilv__race_list(cell) == 0) {
        cell->record[1] &= ~bytes;
    }
    for (uint32_t ref = ilv__race_list(cell); ref != 0;) {
        struct ilv__race_node *node = ilv__race_at(race, ref);
        for (unsigned i = 0; i < ILV__NODE_RECORDS; i++) {
            node->record[i] &= ~bytes;
        }
        ref = node->next;
    }
}

/* Within one page. */
static void clear_range(struct ilv_race *race, struct ilv__race_leaf *leaf, uint64_t address,
                        uint64_t end)
{
    unsigned first = (unsigned)((address + 7) >> 3 & (ILV__WORDS - 1));
    unsigned last = (unsigned)(((end - 1) >> 3 & (ILV__WORDS - 1)) + ((end & 7) == 0));
    if ((address & ~UINT64_C(7)) == ((end - 1) & ~UINT64_C(7)) && end - address < 8) {
        clear_bytes(race, leaf, address >> 3 & (ILV__WORDS - 1),
                    ilv__race_bytes(address, (unsigned)(end - address)));
        return;
    }
    if ((address & 7) != 0) {
        unsigned word = address >> 3 & (ILV__WORDS - 1);
        clear_bytes(race, leaf, word, ilv__race_bytes(address, 8 - (unsigned)(address & 7)) & 0xff);
        first = word + 1;
    }
    if ((end & 7) != 0) {
        clear_bytes(race, leaf, end >> 3 & (ILV__WORDS - 1), ilv__race_bytes(0, end & 7));
    }
    if (first < last) {
        clear_words(race, leaf, first, last);
    }
}

/* Within one page. Returns whether something is remembered of the 2 MiB around it. */
static bool clear_page(struct ilv_race *race, uint64_t address, uint64_t end)
{
    struct ilv__race_leaf *leaf = ilv__race_leaf(race, address);
    struct ilv__race_page *page = leaf == NULL ? ilv__race_page(race, address, false) : NULL;
    if (page != NULL && page->record != 0) {
        if (end - address == PAGE_SIZE) {
            page->record = 0;
            page->site = 0;
        } else {
            leaf = ilv__race_leaf_made(race, address);
        }
    }
    if (leaf != NULL) {
        clear_range(race, leaf, address, end);
    }
    return leaf != NULL || page != NULL;
}

void ilv_race_fresh(struct ilv_race *race, uint64_t address, uint64_t size)
{
    const uint64_t far = UINT64_C(1) << MIDDLE_SHIFT;
    uint64_t end = address + size < address ? UINT64_MAX : address + size;
    while (address < end) {
        uint64_t next = (address | (PAGE_SIZE - 1)) + 1;
        if (!clear_page(race, address, next < end ? next : end)) {
            next = (address | (far - 1)) + 1;
        }
        if (next <= address) {
            return;
        }
        address = next;
    }
}

/* ---- marks -------------------------------------------------------------------------------- */

bool ilv_race_mark_set(struct ilv_race *race, uint64_t address, uint32_t mark)
{
    unsigned word = address >> 3 & (ILV__WORDS - 1);
    struct ilv__race_leaf *leaf = ilv__race_leaf_made(race, address);
    if (leaf == NULL) {
        return false;
    }
    leaf->marks += (uint32_t)(mark != 0) - (uint32_t)(leaf->mark[word] != 0);
    leaf->mark[word] = mark;
    leaf->cell[word].record[0] &= ~ILV__RECORD_MARKED;
    leaf->cell[word].record[0] |= mark != 0 ? ILV__RECORD_MARKED : 0;
    return true;
}

uint32_t ilv_race_mark(const struct ilv_race *race, uint64_t address)
{
    unsigned word = address >> 3 & (ILV__WORDS - 1);
    struct ilv_race *lookups = (struct ilv_race *)(uintptr_t)race;
    const struct ilv__race_leaf *leaf = ilv__race_leaf(lookups, address);
    bool marked = leaf != NULL && (leaf->cell[word].record[0] & ILV__RECORD_MARKED) != 0;
    return marked ? leaf->mark[word] : 0;
}

/* The first marked word of the leaf at or behind `word`, or ILV__WORDS. */
static unsigned marked_in(const struct ilv__race_leaf *leaf, unsigned word)
{
    if (leaf == NULL || leaf->marks == 0) {
        return ILV__WORDS;
    }
    while (word < ILV__WORDS && leaf->mark[word] == 0) {
        word++;
    }
    return word;
}

uint64_t ilv_race_next_mark(const struct ilv_race *race, uint64_t from, uint64_t to)
{
    struct ilv_race *lookups = (struct ilv_race *)(uintptr_t)race;
    uint64_t leaf_bytes = UINT64_C(8) * ILV__WORDS;
    while (from < to) {
        uint64_t start = from & ~(leaf_bytes - 1);
        unsigned word = marked_in(ilv__race_leaf(lookups, from), (unsigned)((from - start) >> 3));
        from = start + UINT64_C(8) * word;
        if (word < ILV__WORDS) {
            break;
        }
    }
    return from < to ? from : to;
}
