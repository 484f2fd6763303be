/* SPDX-License-Identifier: MIT */
/*
 * The race detector: atomic operations and fences (C11, 5.1.2.4 and 7.17.4).
 *
 * An acquire operation that reads a value is ordered after every release operation that heads a
 * release sequence of which that value is part. A sequence goes on with stores of the task that
 * heads it and with read-modify-writes of all; a store of another task ends it. So for each
 * address there is a set of heads, each with what its task knew; `sequence` is all of them
 * together, which is what an acquire gets. One task's later head knows all that its earlier ones
 * knew, so one for each task is enough.
 *
 *   release store by t        heads := {t}
 *   relaxed store by t        heads := those of t
 *   read-modify-write by t    heads stay; with release, t's is renewed
 *   a release fence of t      makes each later store or read-modify-write of t a head too, with
 *                             what t knew at the fence
 *   an acquire fence of t     acquires what t's relaxed loads have read before
 *
 * Most addresses have one head: then it is `sole`, what it knew is `sequence`, and there is no
 * list.
 */
#include <string.h>

#include "race_parts.h"

enum { RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST };

static bool acquires(unsigned order)
{
    return order != RELAXED && order != RELEASE;
}

static bool releases(unsigned order)
{
    return order >= RELEASE;
}

/* ---- places ------------------------------------------------------------------------------- */

static struct ilv__at *find(struct ilv_race *race, uint64_t address)
{
    const struct ilv__race_leaf *leaf = ilv__race_leaf(race, address);
    uint32_t ref =
        leaf == NULL || leaf->syncs == 0 ? 0 : leaf->sync[address >> 3 & (ILV__WORDS - 1)];
    struct ilv__at *at = NULL;
    while (ref != 0) {
        at = ilv__race_at(race, ref);
        if (at->address == address) {
            return at;
        }
        ref = at->next;
    }
    return NULL;
}

static struct ilv__at *made(struct ilv_race *race, uint64_t address)
{
    struct ilv__at *at = find(race, address);
    struct ilv__race_leaf *leaf = ilv__race_leaf_made(race, address);
    if (at != NULL || leaf == NULL) {
        return at;
    }
    uint32_t ref = ilv__race_take_from(race, &race->free_at, sizeof *at);
    if (ref == 0) {
        return NULL;
    }
    uint32_t *first = &leaf->sync[address >> 3 & (ILV__WORDS - 1)];
    leaf->syncs += *first == 0;
    at = ilv__race_at(race, ref);
    memset(at, 0, sizeof *at);
    at->address = address;
    at->next = *first;
    *first = ref;
    return at;
}

static void drop_heads(struct ilv_race *race, struct ilv__at *at)
{
    while (at->heads != 0) {
        uint32_t ref = at->heads;
        struct ilv__head *head = ilv__race_at(race, ref);
        at->heads = head->next;
        ilv__race_vector_clear(race, &head->all);
        ilv__race_give(race, &race->free_head, ref);
    }
}

static void drop_sequence(struct ilv_race *race, struct ilv__at *at)
{
    drop_heads(race, at);
    ilv__race_vector_clear(race, &at->sequence);
    at->sole = 0;
    at->from = 0;
}

void ilv__race_word_forget(struct ilv_race *race, struct ilv__race_leaf *leaf, unsigned word)
{
    while (leaf->sync[word] != 0) {
        uint32_t ref = leaf->sync[word];
        struct ilv__at *at = ilv__race_at(race, ref);
        leaf->sync[word] = at->next;
        drop_sequence(race, at);
        ilv__race_vector_clear(race, &at->sync.all);
        ilv__race_give(race, &race->free_at, ref);
    }
    leaf->syncs--;
}

/* ---- heads -------------------------------------------------------------------------------- */

static struct ilv__head *head_of(const struct ilv_race *race, const struct ilv__at *at,
                                 uint32_t slot)
{
    struct ilv__head *head;
    for (uint32_t ref = at->heads; ref != 0; ref = head->next) {
        head = ilv__race_at(race, ref);
        if (head->slot == slot) {
            return head;
        }
    }
    return NULL;
}

static struct ilv__head *new_head(struct ilv_race *race, struct ilv__at *at, uint32_t slot)
{
    uint32_t ref = ilv__race_take_from(race, &race->free_head, sizeof(struct ilv__head));
    if (ref == 0) {
        return NULL;
    }
    struct ilv__head *head = ilv__race_at(race, ref);
    memset(head, 0, sizeof *head);
    head->slot = slot;
    head->next = at->heads;
    at->heads = ref;
    return head;
}

/* There will be another head: the sole one becomes the first of the list. */
static bool begin_list(struct ilv_race *race, struct ilv__at *at)
{
    struct ilv__head *head = new_head(race, at, at->sole - 1);
    at->sole = 0;
    return head != NULL &&
           ilv__race_vector_copy(race, &head->all, at->sequence.clock, at->sequence.size);
}

/* The slot heads a sequence here, with what it knew. from: its key if that is all it knows now. */
static void add_head(struct ilv_race *race, struct ilv__at *at, uint32_t slot,
                     const uint32_t *known, uint32_t size, uint64_t from)
{
    bool empty = at->sole == 0 && at->heads == 0;
    bool another = at->sole != 0 && at->sole != slot + 1;
    if (another && !begin_list(race, at)) {
        return;
    }
    at->from = empty ? from : 0;
    at->sole = empty ? slot + 1 : at->sole;
    ilv__race_vector_join(race, &at->sequence, known, size);
    if (at->sole != 0) {
        return;
    }
    struct ilv__head *head = head_of(race, at, slot);
    head = head != NULL ? head : new_head(race, at, slot);
    if (head != NULL) {
        ilv__race_vector_join(race, &head->all, known, size);
    }
}

/* A store of this slot: what others head ends. */
static void keep_own(struct ilv_race *race, struct ilv__at *at, uint32_t slot)
{
    const struct ilv__head *head = head_of(race, at, slot);
    if (at->sole == slot + 1) {
        return;
    }
    if (head == NULL) {
        drop_sequence(race, at);
        return;
    }
    ilv__race_vector_copy(race, &at->sequence, head->all.clock, head->all.size);
    drop_heads(race, at);
    at->sole = slot + 1;
    at->from = 0;
}

/* ---- operations --------------------------------------------------------------------------- */

static void read_from(struct ilv_race *race, struct ilv__actor *actor, const struct ilv__at *at,
                      unsigned order)
{
    if (acquires(order)) {
        ilv__race_acquire(actor, &at->sequence, at->from);
        ilv__race_acquire(actor, &at->sync.all, at->sync.from);
        return;
    }
    ilv__race_vector_join(race, &actor->pending, at->sequence.clock, at->sequence.size);
    ilv__race_vector_join(race, &actor->pending, at->sync.all.clock, at->sync.all.size);
}

static void write_to(struct ilv_race *race, unsigned task, struct ilv__at *at, bool reads,
                     unsigned order)
{
    const struct ilv__actor *actor = &race->actor[task];
    if (releases(order)) {
        bool all = !reads || ilv__race_knows(actor, at->from);
        if (!reads) {
            drop_sequence(race, at);
        }
        add_head(race, at, actor->slot, actor->known, race->width, race->front.key[task]);
        at->from = all ? race->front.key[task] : at->from;
        ilv__race_advance(race, task);
        return;
    }
    if (!reads) {
        keep_own(race, at, actor->slot);
    }
    if (actor->fence.size != 0) {
        add_head(race, at, actor->slot, actor->fence.clock, actor->fence.size, 0);
    }
}

unsigned ilv_race_atomic(struct ilv_race *race, const struct ilv_race_access *access, bool reads,
                         unsigned order, struct ilv_race_pair *pair)
{
    struct ilv__actor *actor = ilv__race_actor(race, access->task);
    bool writes = (access->what & ILV_RACE_WRITE) != 0;
    if (race->full) {
        return ILV_RACE_FULL;
    }
    struct ilv__at *at = find(race, access->address);
    if (reads && at != NULL) {
        read_from(race, actor, at, order);
    }
    unsigned result = ilv_race_access(race, access, pair);
    if (writes && at == NULL && (releases(order) || actor->fence.size != 0)) {
        at = made(race, access->address);
    }
    if (writes && at != NULL) {
        write_to(race, access->task, at, reads, order);
    }
    return result | (race->full ? ILV_RACE_FULL : 0);
}

void ilv_race_fence(struct ilv_race *race, unsigned task, unsigned order)
{
    struct ilv__actor *actor = ilv__race_actor(race, task);
    if (actor == NULL) {
        return;
    }
    if (acquires(order)) {
        ilv__race_acquire(actor, &actor->pending, 0);
    }
    if (releases(order)) {
        ilv__race_vector_copy(race, &actor->fence, actor->known, race->width);
        ilv__race_advance(race, task);
    }
}

void ilv_race_sync_at(struct ilv_race *race, unsigned task, uint64_t address,
                      enum ilv_race_sync what)
{
    struct ilv__actor *actor = ilv__race_actor(race, task);
    struct ilv__at *at = what == ILV_RACE_ACQUIRE ? find(race, address) : made(race, address);
    if (actor == NULL || at == NULL) {
        return;
    }
    if (what == ILV_RACE_REPLACE) {
        drop_sequence(race, at);
    }
    if (what == ILV_RACE_ACQUIRE) {
        ilv__race_acquire(actor, &at->sequence, at->from);
    }
    ilv__race_apply(race, task, &at->sync, what);
}
