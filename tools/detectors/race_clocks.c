/* SPDX-License-Identifier: MIT */
/*
 * Vector clocks.
 *
 * A task counts its epochs from 1: one ends whenever it lets others know what it has done (a
 * release), and when it makes an access in a new step of the run, so that a record's clock also
 * tells its step. What a task knows is, for each other one, up to which epoch that one's accesses
 * are ordered before it: known[]. Two tasks order by releasing into and acquiring from a vector.
 *
 * Invariants:
 *  1. known[slot] of a task is its own clock. Nobody else knows a later one of it: a release hands
 *     out the clock and advances it at once.
 *  2. So whoever knows epoch c of a task knows all that it knew when it released at c, and a
 *     vector that is exactly what a task knew at c (`from` names slot and c) need not be looked
 *     at by those who know c.
 *  3. Slots, the places in vectors, belong to tasks, not to indices of tasks. A slot is given to a
 *     new task when its last one is gone and every live task knows the last epoch of that
 *     one: the new one goes on counting, and all who ever act later are ordered after the old.
 */
#include <string.h>

#include "race_parts.h"

#define EIGHT 8u
#define LEAST_ROOM 16u
#define REUSES_TRIED 8

/* ---- vectors ------------------------------------------------------------------------------ */

static unsigned room_class(uint32_t size)
{
    unsigned n = 0;
    while ((LEAST_ROOM << n) < size) {
        n++;
    }
    return n;
}

static void give_room(struct ilv_race *race, const struct ilv__vector *vector)
{
    if (vector->room != 0) {
        size_t distance = (size_t)((const char *)vector->clock - race->base);
        ilv__race_give(race, &race->free_vector[room_class(vector->room)],
                       (uint32_t)(distance / 64));
    }
}

static bool make_room(struct ilv_race *race, struct ilv__vector *vector, uint32_t size)
{
    if (size <= vector->room) {
        return true;
    }
    unsigned n = room_class(size);
    size_t bytes = (size_t)(LEAST_ROOM << n) * sizeof(uint32_t);
    uint32_t ref = ilv__race_take_from(race, &race->free_vector[n], bytes);
    if (ref == 0) {
        return false;
    }
    uint32_t *larger = ilv__race_at(race, ref);
    memset(larger, 0, bytes);
    if (vector->size != 0) {
        memcpy(larger, vector->clock, vector->size * sizeof *larger);
    }
    give_room(race, vector);
    vector->clock = larger;
    vector->room = LEAST_ROOM << n;
    return true;
}

void ilv__race_vector_clear(struct ilv_race *race, struct ilv__vector *vector)
{
    give_room(race, vector);
    *vector = (struct ilv__vector){NULL, 0, 0};
}

bool ilv__race_vector_copy(struct ilv_race *race, struct ilv__vector *to, const uint32_t *from,
                           uint32_t size)
{
    if (!make_room(race, to, size)) {
        return false;
    }
    memcpy(to->clock, from, size * sizeof *from);
    if (to->size > size) {
        memset(to->clock + size, 0, (to->size - size) * sizeof *from);
    }
    to->size = size;
    return true;
}

/* Eight entries at once. Vectors begin at a multiple of 64 bytes, their sizes are multiples of
 * 8. */
typedef uint32_t eight __attribute__((vector_size(32), may_alias));

static void join(uint32_t *to, const uint32_t *from, uint32_t size)
{
    eight *a = (void *)to;
    const eight *b = (const void *)from;
    for (uint32_t i = 0; i < size / EIGHT; i++) {
        eight greater = (eight)(a[i] > b[i]);
        a[i] = (a[i] & greater) | (b[i] & ~greater);
    }
}

/* Whether no entry of b is greater. */
static bool covers(const uint32_t *a, const uint32_t *b, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if (a[i] < b[i]) {
            return false;
        }
    }
    return true;
}

bool ilv__race_vector_join(struct ilv_race *race, struct ilv__vector *to, const uint32_t *from,
                           uint32_t size)
{
    if (!make_room(race, to, size)) {
        return false;
    }
    join(to->clock, from, size);
    to->size = to->size > size ? to->size : size;
    return true;
}

/* ---- tasks -------------------------------------------------------------------------------- */

static void set_clock(struct ilv_race *race, unsigned task, uint32_t clock)
{
    struct ilv__actor *actor = &race->actor[task];
    actor->clock = clock;
    actor->known[actor->slot] = clock;
    race->front.key[task] = (uint64_t)clock << 32 | (uint64_t)actor->slot << ILV__RECORD_SLOT;
}

void ilv__race_advance(struct ilv_race *race, unsigned task)
{
    uint32_t clock = race->actor[task].clock;
    race->full = race->full || clock == UINT32_MAX;
    set_clock(race, task, clock == UINT32_MAX ? clock : clock + 1);
}

/* Whether all who may still act know all that the slot's last task did. */
static bool known_to_all(const struct ilv_race *race, uint32_t slot)
{
    for (uint32_t i = 0; i < race->actors; i++) {
        const struct ilv__actor *actor = &race->actor[i];
        if (actor->live && actor->known[slot] < race->slot[slot].ended) {
            return false;
        }
    }
    return true;
}

/* Of those that ended last, one that can be given to a new task: slot + 1, or 0. */
static uint32_t slot_to_reuse(struct ilv_race *race, bool any)
{
    uint32_t before = 0;
    uint32_t slot = race->gone;
    for (unsigned i = 0; slot != 0 && (any || i < REUSES_TRIED); i++) {
        uint32_t next = race->slot[slot - 1].next_gone;
        if (known_to_all(race, slot - 1)) {
            uint32_t *at = &race->gone;
            if (before != 0) {
                race->slot[before - 1].next_gone = (uint16_t)next;
            } else {
                *at = next;
            }
            return slot;
        }
        before = slot;
        slot = next;
    }
    return 0;
}

/* The last resort is the first task's slot: its accesses and the new one's never race. */
static uint32_t new_slot(struct ilv_race *race)
{
    uint32_t found = slot_to_reuse(race, race->slots == ILV__SLOTS);
    if (found == 0 && race->slots < ILV__SLOTS) {
        found = ++race->slots;
        race->width = (race->slots + EIGHT - 1) & ~(EIGHT - 1);
    }
    race->full = race->full || found == 0;
    return found == 0 ? 0 : found - 1;
}

static void end_slot(struct ilv_race *race, struct ilv__actor *actor)
{
    struct ilv__slot *slot = &race->slot[actor->slot];
    actor->live = false;
    if (slot->ended == 0) {
        slot->ended = actor->clock;
        slot->next_gone = (uint16_t)race->gone;
        race->gone = actor->slot + 1;
    }
}

static void begin(struct ilv_race *race, unsigned task)
{
    struct ilv__actor *actor = &race->actor[task];
    if (actor->live) {
        end_slot(race, actor);
    }
    if (actor->begun) {
        memset(actor->known, 0, race->width * sizeof *actor->known);
        ilv__race_vector_clear(race, &actor->fence);
        ilv__race_vector_clear(race, &actor->pending);
    }
    actor->known = race->known + (size_t)task * ILV__SLOTS;
    uint32_t slot = new_slot(race);
    uint32_t clock = race->slot[slot].ended + 1;
    race->slot[slot].ended = 0;
    race->slot[slot].task = (uint16_t)task;
    race->actors = race->actors > task ? race->actors : task + 1;
    actor->slot = slot;
    actor->begun = true;
    actor->live = true;
    actor->touched = 0;
    actor->round = 0;
    race->acts_as[task] = 0;
    ilv__race_sync_drop(race, &actor->cancel);
    set_clock(race, task, clock);
}

static void inherit(struct ilv_race *race, unsigned task, unsigned creator)
{
    struct ilv__actor *actor = &race->actor[task];
    join(actor->known, race->actor[creator].known, race->width);
    set_clock(race, task, actor->clock);
    ilv__race_advance(race, creator);
}

void ilv_race_task_begin(struct ilv_race *race, unsigned task, unsigned creator)
{
    if (task >= race->max_tasks || creator >= race->max_tasks) {
        race->full = true;
        return;
    }
    begin(race, task);
    if (creator != task && ilv__race_actor(race, creator) != NULL) {
        inherit(race, task, creator);
    }
}

struct ilv__actor *ilv__race_actor(struct ilv_race *race, unsigned task)
{
    if (task >= race->max_tasks) {
        race->full = true;
        return NULL;
    }
    if (!race->actor[task].begun) {
        ilv_race_task_begin(race, task, 0);
    }
    return &race->actor[task];
}

void ilv__race_know(struct ilv_race *race, unsigned task, unsigned other)
{
    struct ilv__actor *actor = ilv__race_actor(race, task);
    if (actor != NULL && other < race->max_tasks && race->actor[other].begun) {
        join(actor->known, race->actor[other].known, race->width);
    }
}

void ilv_race_task_joined(struct ilv_race *race, unsigned task, unsigned ended)
{
    ilv__race_know(race, task, ended);
    if (ended != task && ended < race->max_tasks && race->actor[ended].begun) {
        end_slot(race, &race->actor[ended]);
    }
}

bool ilv_race_ordered(const struct ilv_race *race, unsigned earlier, unsigned task)
{
    if (earlier >= race->max_tasks || task >= race->max_tasks || !race->actor[earlier].begun) {
        return true;
    }
    const struct ilv__actor *actor = &race->actor[earlier];
    return race->actor[task].begun && race->actor[task].known[actor->slot] >= actor->touched;
}

/* ---- steps of the run --------------------------------------------------------------------- */

static struct ilv__log *log_with_room(struct ilv_race *race, struct ilv__slot *slot)
{
    struct ilv__log *log = ilv__race_at(race, slot->log);
    if (slot->log != 0 && log->used < ILV__LOG_ENTRIES) {
        return log;
    }
    uint32_t ref = ilv__race_take(race, sizeof *log);
    if (ref == 0) {
        return NULL;
    }
    log = ilv__race_at(race, ref);
    log->before = slot->log;
    slot->log = ref;
    return log;
}

void ilv__race_step_of(struct ilv_race *race, unsigned task, uint32_t step)
{
    struct ilv__actor *actor = &race->actor[task];
    if (actor->touched == actor->clock) {
        ilv__race_advance(race, task);
    }
    actor->step = step;
    struct ilv__log *log = log_with_room(race, &race->slot[actor->slot]);
    if (log != NULL) {
        log->moment[log->used++] = (struct ilv__moment){actor->clock, step};
    }
}

uint32_t ilv__race_step_at(const struct ilv_race *race, uint32_t slot, uint32_t clock)
{
    const struct ilv__log *log;
    for (uint32_t ref = race->slot[slot].log; ref != 0; ref = log->before) {
        log = ilv__race_at(race, ref);
        for (uint32_t i = log->used; i-- > 0;) {
            if (log->moment[i].clock <= clock) {
                return log->moment[i].step;
            }
        }
    }
    return 0;
}

/* ---- release and acquire ------------------------------------------------------------------ */

void ilv__race_acquire(struct ilv__actor *actor, const struct ilv__vector *all, uint64_t from)
{
    if (!ilv__race_knows(actor, from)) {
        join(actor->known, all->clock, all->size);
    }
}

struct ilv__sync *ilv__race_sync_in(struct ilv_race *race, uint32_t *ref)
{
    if (*ref == 0) {
        *ref = ilv__race_take_from(race, &race->free_sync, sizeof(struct ilv__sync));
        if (*ref == 0) {
            return NULL;
        }
        memset(ilv__race_at(race, *ref), 0, sizeof(struct ilv__sync));
    }
    return ilv__race_at(race, *ref);
}

void ilv__race_sync_drop(struct ilv_race *race, uint32_t *ref)
{
    if (*ref != 0) {
        struct ilv__sync *sync = ilv__race_at(race, *ref);
        ilv__race_vector_clear(race, &sync->all);
        ilv__race_give(race, &race->free_sync, *ref);
        *ref = 0;
    }
}

struct ilv__sync *ilv__race_object(struct ilv_race *race, uint32_t object)
{
    if (object == 0 || object >= race->max_objects) {
        return NULL;
    }
    return ilv__race_sync_in(race, &race->object[object]);
}

static void release(struct ilv_race *race, unsigned task, struct ilv__sync *sync, bool replace)
{
    const struct ilv__actor *actor = &race->actor[task];
    bool all = replace || ilv__race_knows(actor, sync->from);
    if (all || covers(actor->known, sync->all.clock, sync->all.size)) {
        sync->from = race->front.key[task];
        ilv__race_vector_copy(race, &sync->all, actor->known, race->width);
    } else {
        sync->from = 0;
        ilv__race_vector_join(race, &sync->all, actor->known, race->width);
    }
    ilv__race_advance(race, task);
}

void ilv__race_apply(struct ilv_race *race, unsigned task, struct ilv__sync *sync,
                     enum ilv_race_sync what)
{
    struct ilv__actor *actor = ilv__race_actor(race, task);
    if (actor == NULL || sync == NULL) {
        return;
    }
    if (what == ILV_RACE_ACQUIRE) {
        ilv__race_acquire(actor, &sync->all, sync->from);
    } else {
        release(race, task, sync, what == ILV_RACE_REPLACE);
    }
}

void ilv_race_sync(struct ilv_race *race, unsigned task, uint32_t object, enum ilv_race_sync what)
{
    ilv__race_apply(race, task, ilv__race_object(race, object), what);
}
