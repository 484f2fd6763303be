/* SPDX-License-Identifier: MIT */
/*
 * The race detector: accesses, from the shortest way to the longest:
 *
 *   race_fast.h     nothing is new: the access is left out
 *   visit_quickly   one word with at most two records before and after
 *   visit_even      a whole page of which one record stands for all words
 *   race_word.c     whatever else
 */
#include "race_parts.h"

/* ---- one word, as it mostly is -------------------------------------------------------------- */

enum { NEW, OLD, SLOW };

/* What is left of a record of another epoch or kind; *slow: it races. */
static inline uint64_t rest(uint64_t r, uint64_t new, const uint32_t *known, bool *slow)
{
    uint64_t bytes = ILV__RECORD_BYTES & new;
    if (known[ilv__race_slot_of(r)] < r >> 32) {
        *slow = *slow || ((bytes & r) != 0 && ilv__race_conflict(r, new));
        return r;
    }
    r = ilv__race_as_strong(new, r) ? r & ~bytes : r;
    return ilv__race_is_live(r) ? r : 0;
}

/*
 * No race, no list before or after, no call sites, nothing atomic: else the answer is SLOW and
 * nothing has changed. A record that is not live has a clock that everybody knows.
 */
static inline unsigned visit_quickly(struct ilv__race_cell *cell, uint64_t new,
                                     const uint32_t *known)
{
    uint64_t marked = cell->record[0] & ILV__RECORD_MARKED;
    uint64_t first = cell->record[0] & ~ILV__RECORD_MARKED;
    uint64_t second = cell->record[1];
    uint64_t merged = new;
    bool slow = (second & ILV__RECORD_MORE) != 0;
    if (ilv__race_stands_for(first, new) || ilv__race_stands_for(second, new)) {
        return OLD;
    }
    if (ilv__race_same_kind(first, new)) {
        merged |= first;
        first = 0;
    }
    if (ilv__race_same_kind(second, new)) {
        merged |= second;
        second = 0;
    }
    first = ilv__race_is_live(first) ? rest(first, new, known, &slow) : 0;
    second = ilv__race_is_live(second) ? rest(second, new, known, &slow) : 0;
    if (slow || (first != 0 && second != 0)) {
        return SLOW;
    }
    cell->record[0] = merged | marked;
    cell->record[1] = first | second;
    return NEW;
}

/* ---- ranges ------------------------------------------------------------------------------- */

/* All of a page that has no leaf. What is not simple needs one: SLOW. */
static unsigned visit_even(struct ilv__visit *v, uint64_t address, uint64_t record)
{
    struct ilv__race_page *page = ilv__race_page(v->race, address, true);
    uint64_t new = record | ILV__RECORD_BYTES;
    if (page == NULL || page->leaf != 0) {
        return SLOW;
    }
    if (page->record != 0) {
        uint64_t r = page->record;
        bool before = v->actor->known[ilv__race_slot_of(r)] >= r >> 32;
        if (ilv__race_stands_for(r, new)) {
            return OLD;
        }
        if (!before || !ilv__race_as_strong(new, r)) {
            return SLOW;
        }
    }
    page->record = new;
    page->site = v->access->site;
    return NEW;
}

/* What came of the last whole word: most neighbours are the same. */
struct memory {
    struct ilv__race_cell before;
    struct ilv__race_cell after;
    unsigned how; /* SLOW: nothing is known */
};

static inline bool same_cell(const struct ilv__race_cell *a, const struct ilv__race_cell *b)
{
    return ((a->record[0] ^ b->record[0]) | (a->record[1] ^ b->record[1])) == 0;
}

static unsigned visit_word(struct ilv__visit *v, uint64_t new, struct memory *last)
{
    struct ilv__race_cell *cell = &v->leaf->cell[v->word];
    bool whole = (new &ILV__RECORD_BYTES) == ILV__RECORD_BYTES;
    struct ilv__race_cell before = *cell;
    unsigned how = visit_quickly(cell, new, v->actor->known);
    if (how == SLOW) {
        return ilv__race_visit(v, new) ? NEW : OLD;
    }
    *last = (struct memory){before, *cell, whole ? how : SLOW};
    return how;
}

/* Whole words whose cells are as the last one was. Returns the first word that is not, or end. */
static unsigned repeat(struct ilv__race_leaf *leaf, unsigned word, unsigned end,
                       const struct memory *last)
{
    while (word < end && same_cell(&leaf->cell[word], &last->before)) {
        leaf->cell[word++] = last->after;
    }
    return word;
}

/* Plain, and without call sites. */
static bool visit_page_quickly(struct ilv__visit *v, uint64_t address, uint64_t end,
                               uint64_t record)
{
    struct memory last = {.how = SLOW};
    bool new = false;
    while (address < end) {
        uint64_t next = (address | 7) + 1;
        unsigned size = (unsigned)((next < end ? next : end) - address);
        v->word = address >> 3 & (ILV__WORDS - 1);
        new |= visit_word(v, record | ilv__race_bytes(address, size), &last) == NEW;
        address = next;
        if (last.how != SLOW && address < end) {
            unsigned word = v->word + 1;
            unsigned first = repeat(v->leaf, word, word + (unsigned)((end - address) >> 3), &last);
            address += (uint64_t)(first - word) * 8;
        }
    }
    return new;
}

static bool visit_page_slowly(struct ilv__visit *v, uint64_t address, uint64_t end, uint64_t record)
{
    bool new = false;
    while (address < end) {
        uint64_t next = (address | 7) + 1;
        unsigned size = (unsigned)((next < end ? next : end) - address);
        v->word = address >> 3 & (ILV__WORDS - 1);
        new |= ilv__race_visit(v, record | ilv__race_bytes(address, size));
        address = next;
    }
    return new;
}

/* The words of one page. Returns whether there was anything new. */
static bool visit_page(struct ilv__visit *v, uint64_t address, uint64_t end, uint64_t record)
{
    bool quick = !v->race->sites && (v->access->what & ILV_RACE_ATOMIC) == 0;
    v->page = address & ~(uint64_t)(ILV__WORDS * 8 - 1);
    v->leaf = ilv__race_leaf_made(v->race, address);
    if (v->leaf == NULL) {
        return true;
    }
    return quick ? visit_page_quickly(v, address, end, record)
                 : visit_page_slowly(v, address, end, record);
}

static unsigned visit_range(struct ilv_race *race, const struct ilv__actor *actor,
                            const struct ilv_race_access *access, struct ilv_race_pair *pair,
                            uint64_t record)
{
    const uint64_t page = UINT64_C(1) << ILV__PAGE_BITS;
    struct ilv__visit v = {.race = race, .actor = actor, .access = access, .pair = pair};
    uint64_t address = access->address;
    uint64_t end = address + access->size;
    bool atomic = (access->what & ILV_RACE_ATOMIC) != 0;
    bool new = false;
    while (address < end) {
        uint64_t next = (address | (page - 1)) + 1;
        bool whole = next - address == page && next <= end;
        unsigned how = whole && !atomic ? visit_even(&v, address, record) : SLOW;
        new |=
            how == NEW || (how == SLOW && visit_page(&v, address, next < end ? next : end, record));
        address = next;
    }
    return v.result | (new ? 0 : ILV_RACE_SAME) | (race->full ? ILV_RACE_FULL : 0);
}

/* A plain access within one word of a page that was looked up before. */
static inline unsigned visit_one(struct ilv_race *race, const struct ilv__actor *actor,
                                 const struct ilv_race_access *access, uint64_t record)
{
    uint64_t address = access->address;
    uint64_t page = address >> ILV__PAGE_BITS;
    const struct ilv__race_lookup *lookup = &race->front.lookup[page % ILV__LOOKUPS];
    bool one = (address & 7) + access->size <= 8 && lookup->page == page + 1;
    if (!one || race->sites || (access->what & ILV_RACE_ATOMIC) != 0) {
        return SLOW;
    }
    return visit_quickly(&lookup->cells[address >> 3 & (ILV__WORDS - 1)],
                         record | ilv__race_bytes(address, access->size), actor->known);
}

unsigned ilv_race_access(struct ilv_race *race, const struct ilv_race_access *access,
                         struct ilv_race_pair *pair)
{
    unsigned task = access->task;
    struct ilv__actor *actor = &race->actor[task];
    if (task >= race->max_tasks || !actor->begun) {
        actor = ilv__race_actor(race, task);
    }
    if (race->full) {
        return ILV_RACE_FULL;
    }
    if (actor->step != access->step || actor->touched == 0) {
        ilv__race_step_of(race, task, access->step);
    }
    race->sites = race->sites || access->site != 0;
    actor->touched = actor->clock;
    uint64_t record = race->front.key[task] | (uint64_t)access->what << ILV__RECORD_WHAT;
    unsigned how = visit_one(race, actor, access, record);
    if (how != SLOW) {
        return how == OLD ? ILV_RACE_SAME : 0;
    }
    return visit_range(race, actor, access, pair, record);
}

/* ---- shared ------------------------------------------------------------------------------- */

static bool is_of_another(uint64_t record, uint64_t bytes, uint32_t slot)
{
    return (record & bytes) != 0 && ilv__race_slot_of(record) != slot;
}

static bool word_shared(const struct ilv_race *race, const struct ilv__race_cell *cell,
                        uint64_t bytes, uint32_t slot)
{
    bool shared =
        is_of_another(cell->record[0], bytes, slot) || is_of_another(cell->record[1], bytes, slot);
    for (uint32_t ref = ilv__race_list(cell); ref != 0 && !shared;) {
        const struct ilv__race_node *node = ilv__race_at(race, ref);
        for (unsigned i = 0; i < ILV__NODE_RECORDS; i++) {
            shared = shared || is_of_another(node->record[i], bytes, slot);
        }
        ref = node->next;
    }
    return shared;
}

/* Within one word. */
static bool part_shared(struct ilv_race *race, uint64_t address, unsigned size, uint32_t slot)
{
    const struct ilv__race_leaf *leaf = ilv__race_leaf(race, address);
    const struct ilv__race_page *page = leaf == NULL ? ilv__race_page(race, address, false) : NULL;
    uint64_t bytes = ilv__race_bytes(address, size);
    if (leaf != NULL) {
        return word_shared(race, &leaf->cell[address >> 3 & (ILV__WORDS - 1)], bytes, slot);
    }
    return page != NULL && is_of_another(page->record, bytes, slot);
}

bool ilv_race_shared(struct ilv_race *race, unsigned task, uint64_t address, uint32_t size)
{
    const struct ilv__actor *actor = ilv__race_actor(race, task);
    uint64_t end = address + size;
    while (address < end && actor != NULL) {
        uint64_t next = (address | 7) + 1;
        if (part_shared(race, address, (unsigned)((next < end ? next : end) - address),
                        actor->slot)) {
            return true;
        }
        address = next;
    }
    return false;
}

/* ---- begin -------------------------------------------------------------------------------- */

static size_t lines(size_t size)
{
    return (size + 63) & ~(size_t)63;
}

static size_t known_size(uint32_t max_tasks)
{
    return (size_t)max_tasks * ILV__SLOTS * sizeof(uint32_t);
}

size_t ilv_race_least(uint32_t max_tasks, uint32_t max_objects)
{
    const size_t room = (size_t)1 << 20;
    return lines(sizeof(struct ilv_race)) + lines(max_tasks * sizeof(uint64_t)) +
           lines(max_tasks * sizeof(struct ilv__actor)) + lines(max_tasks * sizeof(uint16_t)) +
           known_size(max_tasks) + lines(ILV__SLOTS * sizeof(struct ilv__slot)) +
           lines(max_objects * sizeof(uint32_t)) + lines(ILV__DIRECTORY * sizeof(uint32_t)) + room;
}

struct ilv_race *ilv_race_begin(void *memory, size_t size, uint32_t max_tasks, uint32_t max_objects)
{
    struct ilv_race *race = memory;
    struct ilv_arena *arena = &race->arena;
    ilv_arena_init(arena, memory, size);
    ilv_arena_take(arena, sizeof *race, 64);
    race->base = memory;
    race->max_tasks = max_tasks < ILV__SLOTS ? max_tasks : ILV__SLOTS;
    race->max_objects = max_objects;
    race->front.key = ilv_arena_take(arena, max_tasks * sizeof(uint64_t), 64);
    race->actor = ilv_arena_take(arena, max_tasks * sizeof(struct ilv__actor), 64);
    race->acts_as = ilv_arena_take(arena, max_tasks * sizeof(uint16_t), 64);
    race->slot = ilv_arena_take(arena, ILV__SLOTS * sizeof(struct ilv__slot), 64);
    race->object = ilv_arena_take(arena, max_objects * sizeof(uint32_t), 64);
    race->directory = ilv_arena_take(arena, ILV__DIRECTORY * sizeof(uint32_t), 64);
    uint32_t *known = ilv_arena_take(arena, known_size(max_tasks), 64);
    race->known = known;
    ilv_race_task_begin(race, 0, 0);
    return race;
}
