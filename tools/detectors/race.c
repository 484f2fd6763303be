/* SPDX-License-Identifier: MIT */
/*
 * The race detector: accesses.
 *
 * Of each word it keeps a set of records (race_fast.h) such that for every later access X: an
 * earlier access races with X if and only if one that is kept races with X. A new access N is
 * compared with each record R that has a byte in common with it:
 *
 *   R races with N when R's task is another one, N's task does not know R's epoch, one of them
 *   writes and one of them is plain.
 *
 *   R's common bytes are dropped when R happens before N and N is as strong: N writes if R does,
 *   and is plain if R is. (X unordered with R would be unordered with N, and conflicts with N when
 *   it conflicts with R.) Nothing else is dropped: not what raced, not the reads of other
 *   tasks by a read.
 *
 *   N itself need not be kept when a record of the same epoch is as strong and has its bytes: to
 *   all others the two are one. Nor is it compared then: what came between them was compared
 *   with the first one when it was made. This is the case that race_fast.h finds.
 *
 * Records of one epoch that differ in their bytes only are one record.
 */
#include <string.h>

#include "race_parts.h"

/* A new access, within one word. */
struct visit {
    struct ilv_race *race;
    const struct ilv__actor *actor;
    struct ilv__race_leaf *leaf;
    const struct ilv_race_access *access;
    struct ilv_race_pair *pair;
    uint64_t page; /* its address */
    uint64_t new;  /* the record: its bytes, and those of records that it takes in */
    uint64_t bytes;
    uint64_t *hole; /* a place in the list that is free */
    uint32_t *hole_site;
    unsigned word;
    unsigned left; /* records in the list */
    unsigned result;
    bool merged;      /* it has taken in another one */
    bool superfluous; /* there is one that stands for it */
};

/* ---- records ------------------------------------------------------------------------------ */

static unsigned slot_of(uint64_t record)
{
    return record >> ILV__RECORD_SLOT & (ILV__SLOTS - 1);
}

static bool is_live(uint64_t record)
{
    return (record & ILV__RECORD_BYTES) != 0;
}

/* Whether whatever conflicts with b conflicts with a. */
static bool as_strong(uint64_t a, uint64_t b)
{
    return ((b & ~a & ILV__RECORD_WRITE) | (a & ~b & ILV__RECORD_ATOMIC)) == 0;
}

static bool conflict(uint64_t a, uint64_t b)
{
    return ((a | b) & ILV__RECORD_WRITE) != 0 && (a & b & ILV__RECORD_ATOMIC) == 0;
}

/* Whether the record makes the new one superfluous. */
static bool stands_for(uint64_t record, uint64_t new)
{
    uint64_t lacks = new & ~record &(ILV__RECORD_BYTES | ILV__RECORD_FREE);
    return ((record ^ new) & ILV__RECORD_KEY) == 0 && lacks == 0 && as_strong(record, new);
}

static bool differs_in_bytes_only(uint64_t a, uint64_t b)
{
    return ((a ^ b) & ~(ILV__RECORD_BYTES | ILV__RECORD_MARKED)) == 0;
}

/* ---- what is told ------------------------------------------------------------------------- */

static void tell(struct visit *v, uint64_t record, uint32_t site)
{
    unsigned bytes = (unsigned)(record & ILV__RECORD_BYTES);
    unsigned first = (unsigned)__builtin_ctz(bytes);
    unsigned slot = slot_of(record);
    if ((v->result & ILV_RACE_FOUND) != 0) {
        return;
    }
    v->result |= ILV_RACE_FOUND;
    v->pair->later = *v->access;
    v->pair->earlier = (struct ilv_race_access){
        .address = v->page + v->word * 8 + first,
        .size = 32 - (unsigned)__builtin_clz(bytes) - first,
        .site = site,
        .step = ilv__race_step_at(v->race, slot, (uint32_t)(record >> 32)),
        .task = v->race->slot[slot].task,
        .what = (uint16_t)(record >> ILV__RECORD_WHAT & 0x1f),
    };
}

/* ---- one word, as it mostly is -------------------------------------------------------------- */

enum { NEW, OLD, SLOW };

/* What is left of a record of another epoch or kind; *slow: it races. */
static inline uint64_t rest(uint64_t r, uint64_t new, const uint32_t *known, bool *slow)
{
    uint64_t bytes = ILV__RECORD_BYTES & new;
    if (known[slot_of(r)] < r >> 32) {
        *slow = *slow || ((bytes & r) != 0 && conflict(r, new));
        return r;
    }
    r = as_strong(new, r) ? r & ~bytes : r;
    return is_live(r) ? r : 0;
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
    if (stands_for(first, new) || stands_for(second, new)) {
        return OLD;
    }
    if (differs_in_bytes_only(first, new)) {
        merged |= first;
        first = 0;
    }
    if (differs_in_bytes_only(second, new)) {
        merged |= second;
        second = 0;
    }
    first = is_live(first) ? rest(first, new, known, &slow) : 0;
    second = is_live(second) ? rest(second, new, known, &slow) : 0;
    if (slow || (first != 0 && second != 0)) {
        return SLOW;
    }
    cell->record[0] = merged | marked;
    cell->record[1] = first | second;
    return NEW;
}

/* ---- one word, in all its variety ------------------------------------------------------------ */

/* One record meets the new one. What is left of it stays. */
static void meet(struct visit *v, uint64_t *record, const uint32_t *site)
{
    uint64_t r = *record;
    uint64_t common = r & v->bytes;
    bool own = slot_of(r) == v->actor->slot;
    if (stands_for(r, (v->new & ~ILV__RECORD_BYTES) | v->bytes)) {
        v->superfluous = true;
        return;
    }
    if (differs_in_bytes_only(r, v->new) && (!v->race->sites || *site == v->access->site)) {
        v->new |= ILV__RECORD_BYTES &r;
        v->merged = true;
        *record = r & ~ILV__RECORD_BYTES;
        return;
    }
    if (common == 0) {
        return;
    }
    if (!own && (v->access->what & ILV_RACE_ATOMIC) != 0) {
        v->result |= ILV_RACE_SHARED;
    }
    if (v->actor->known[slot_of(r)] >= r >> 32) {
        *record = as_strong(v->new, r) ? r & ~common : r;
    } else if (conflict(r, v->new)) {
        tell(v, r & (~ILV__RECORD_BYTES | common), v->race->sites ? *site : 0);
    }
}

static void meet_list(struct visit *v)
{
    for (uint32_t ref = ilv__race_list(&v->leaf->cell[v->word]); ref != 0;) {
        struct ilv__race_node *node = ilv__race_at(v->race, ref);
        for (unsigned i = 0; i < ILV__NODE_RECORDS; i++) {
            if (is_live(node->record[i])) {
                meet(v, &node->record[i], &node->site[i]);
            }
            if (is_live(node->record[i])) {
                v->left++;
            } else {
                v->hole = &node->record[i];
                v->hole_site = &node->site[i];
            }
        }
        ref = node->next;
    }
}

/* A list with at most one record left is none: the record goes into the cell. */
static void shrink_list(struct visit *v)
{
    uint64_t last = 0;
    uint32_t last_site = 0;
    for (uint32_t ref = ilv__race_list(&v->leaf->cell[v->word]); ref != 0;) {
        const struct ilv__race_node *node = ilv__race_at(v->race, ref);
        for (unsigned i = 0; i < ILV__NODE_RECORDS; i++) {
            if (is_live(node->record[i])) {
                last = node->record[i];
                last_site = node->site[i];
            }
        }
        ref = node->next;
    }
    ilv__race_drop_list(v->race, v->leaf, v->word);
    v->leaf->cell[v->word].record[1] = last;
    if (v->race->sites) {
        v->leaf->site[v->word][1] = last_site;
    }
}

/* The list, which may be none, gets another part, with room. */
static bool extend_list(struct visit *v)
{
    struct ilv__race_cell *cell = &v->leaf->cell[v->word];
    uint32_t before = ilv__race_list(cell);
    uint32_t ref = ilv__race_take_from(v->race, &v->race->free_node, sizeof(struct ilv__race_node));
    if (ref == 0) {
        return false;
    }
    struct ilv__race_node *node = ilv__race_at(v->race, ref);
    memset(node, 0, sizeof *node);
    node->next = before;
    if (before == 0) {
        node->record[0] = cell->record[1];
        node->site[0] = v->race->sites ? v->leaf->site[v->word][1] : 0;
        v->leaf->lists++;
    }
    cell->record[1] = (uint64_t)ref << 32 | ILV__RECORD_MORE;
    v->hole = &node->record[1];
    v->hole_site = &node->site[1];
    return true;
}

/* The cell's first place is needed: its record goes to the second, or into the list. */
static void move_first(struct visit *v, uint64_t first)
{
    struct ilv__race_cell *cell = &v->leaf->cell[v->word];
    uint32_t *site = v->leaf->site[v->word];
    if ((cell->record[1] & (ILV__RECORD_BYTES | ILV__RECORD_MORE)) == 0) {
        v->hole = &cell->record[1];
        v->hole_site = &site[1];
    } else if (v->hole == NULL && !extend_list(v)) {
        return;
    }
    *v->hole = first;
    if (v->race->sites) {
        *v->hole_site = site[0];
    }
}

static void insert(struct visit *v)
{
    struct ilv__race_cell *cell = &v->leaf->cell[v->word];
    uint64_t marked = cell->record[0] & ILV__RECORD_MARKED;
    if (is_live(cell->record[0])) {
        move_first(v, cell->record[0] ^ marked);
    }
    cell->record[0] = v->new | marked;
    if (v->race->sites) {
        v->leaf->site[v->word][0] = v->access->site;
    }
}

/* Returns whether there was anything new. */
static bool visit_slowly(struct visit *v)
{
    struct ilv__race_cell *cell = &v->leaf->cell[v->word];
    uint32_t *site = v->leaf->site[v->word];
    unsigned result = v->result;
    v->superfluous = v->merged = false;
    v->left = 0;
    v->hole = NULL;
    if (is_live(cell->record[0])) {
        meet(v, &cell->record[0], &site[0]);
    }
    if (is_live(cell->record[1])) {
        meet(v, &cell->record[1], &site[1]);
    } else if (ilv__race_list(cell) != 0) {
        meet_list(v);
    }
    if (ilv__race_list(cell) != 0 && v->left <= 1) {
        shrink_list(v);
        v->hole = NULL;
    }
    if (v->superfluous) {
        v->result &= result | ~(unsigned)ILV_RACE_FOUND;
    }
    if (!v->superfluous || v->merged) {
        insert(v);
    }
    return !v->superfluous;
}

static bool visit_word(struct visit *v, uint64_t new, bool quick)
{
    unsigned how = SLOW;
    if (quick) {
        how = visit_quickly(&v->leaf->cell[v->word], new, v->actor->known);
    }
    if (how != SLOW) {
        return how == NEW;
    }
    v->new = new;
    v->bytes = ILV__RECORD_BYTES & new;
    return visit_slowly(v);
}

/* ---- ranges ------------------------------------------------------------------------------- */

/* The words of one page. Returns whether there was anything new. */
static bool visit_page(struct visit *v, uint64_t address, uint64_t end, uint64_t record)
{
    bool quick = !v->race->sites && (v->access->what & ILV_RACE_ATOMIC) == 0;
    bool new = false;
    v->page = address & ~(uint64_t)(ILV__WORDS * 8 - 1);
    v->leaf = ilv__race_leaf_made(v->race, address);
    if (v->leaf == NULL) {
        return true;
    }
    while (address < end) {
        uint64_t next = (address | 7) + 1;
        unsigned size = (unsigned)((next < end ? next : end) - address);
        v->word = address >> 3 & (ILV__WORDS - 1);
        new |= visit_word(v, record | ilv__race_bytes(address, size), quick);
        address = next;
    }
    return new;
}

static unsigned visit_range(struct ilv_race *race, const struct ilv__actor *actor,
                            const struct ilv_race_access *access, struct ilv_race_pair *pair,
                            uint64_t record)
{
    const uint64_t page = UINT64_C(1) << ILV__PAGE_BITS;
    struct visit v = {.race = race, .actor = actor, .access = access, .pair = pair};
    uint64_t address = access->address;
    uint64_t end = address + access->size;
    bool new = false;
    while (address < end) {
        uint64_t next = (address | (page - 1)) + 1;
        new |= visit_page(&v, address, next < end ? next : end, record);
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
    return (record & bytes) != 0 && slot_of(record) != slot;
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

bool ilv_race_shared(struct ilv_race *race, unsigned task, uint64_t address, uint32_t size)
{
    const struct ilv__actor *actor = ilv__race_actor(race, task);
    uint64_t end = address + size;
    while (address < end && actor != NULL) {
        uint64_t next = (address | 7) + 1;
        unsigned part = (unsigned)((next < end ? next : end) - address);
        const struct ilv__race_leaf *leaf = ilv__race_leaf(race, address);
        if (leaf != NULL && word_shared(race, &leaf->cell[address >> 3 & (ILV__WORDS - 1)],
                                        ilv__race_bytes(address, part), actor->slot)) {
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
           lines(max_tasks * sizeof(struct ilv__actor)) + known_size(max_tasks) +
           lines(ILV__SLOTS * sizeof(struct ilv__slot)) + lines(max_objects * sizeof(uint32_t)) +
           lines(ILV__DIRECTORY * sizeof(uint32_t)) + room;
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
    race->slot = ilv_arena_take(arena, ILV__SLOTS * sizeof(struct ilv__slot), 64);
    race->object = ilv_arena_take(arena, max_objects * sizeof(uint32_t), 64);
    race->directory = ilv_arena_take(arena, ILV__DIRECTORY * sizeof(uint32_t), 64);
    uint32_t *known = ilv_arena_take(arena, known_size(max_tasks), 64);
    race->known = known;
    ilv_race_task_begin(race, 0, 0);
    return race;
}
