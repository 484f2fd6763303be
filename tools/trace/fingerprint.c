/* SPDX-License-Identifier: MIT */
/*
 * The fingerprint of a behaviour: a hash of the order of dependent steps and of nothing else.
 *
 * The steps on one object fall into groups: a run of reads, a run of additions, or one write.
 * Steps of one group commute, steps of neighbouring groups do not; so which steps make a group,
 * and in which order the groups come, is the same in all traces of one behaviour, while the
 * order within a group is not. Each object keeps
 *
 *     past    the hash of all groups that are closed, in order
 *     group   the sum of the hashes of the steps of the open group
 *     effect  what kind of group is open
 *
 * A step of the same kind as the open group (unless it writes) joins it and depends on `past`;
 * any other closes the group (past becomes the hash of past and group) and opens its own. The
 * hash of a step covers its task, operation, objects and result, the hash of its task's step
 * before it, and the pasts of its objects: that is, all steps that happened before it. The
 * fingerprint is the sum over all steps.
 *
 * A step with effect ALL covers the sum of all steps before it, and all later ones cover it.
 * A poll of several channels is a read of the object 0 and every change of a channel an addition
 * to it, beside what they do to their own objects.
 *
 * Runs inside the program under test. Slots are made ready when their index is first seen, and
 * what is kept of tasks and of objects lies together, so that little memory is touched. Objects
 * whose index is too large share object 0.
 */
#include "depends.h"
#include "hash.h"
#include "internal.h"

struct entry {
    uint64_t past;
    uint64_t group;
    uint64_t effect; /* enum ilv_effect, NONE before the first step */
};

struct slot {
    uint64_t last;      /* hash of the last step of the task with this index */
    struct entry entry; /* of the object with this index */
};

struct ilv_fingerprint {
    uint64_t sum;
    uint64_t epoch; /* hash of the last step with effect ALL */
    uint32_t max_tasks;
    uint32_t max_objects;
    uint32_t ready; /* slots that are set */
    struct slot slot[];
};

/* An object that a step touches, how, and the hash of the groups that the step comes after. */
struct touch {
    struct entry *entry;
    unsigned effect;
    bool joins; /* the open group */
    uint64_t before;
};

/* Odd factors: a weighted sum of words that are hashes themselves (or small, for the kind and
 * the result) is scrambled once, which is several times faster than one after the other. */
#define WEIGHT_TASK UINT64_C(0x9e3779b97f4a7c15)
#define WEIGHT_LAST UINT64_C(0xd1b54a32d192ed03)
#define WEIGHT_KIND UINT64_C(0xabc98388fb8fac03)
#define WEIGHT_RESULT UINT64_C(0x8cb92ba72f3d8dd7)
#define WEIGHT_OBJECT UINT64_C(0xe7037ed1a0b428db)
#define WEIGHT_OBJECT2 UINT64_C(0xa0761d6478bd642f)
#define WEIGHT_EPOCH UINT64_C(0x589965cc75374cc3)
#define WEIGHT_PAST UINT64_C(0x1d8e4e27c47d124f)

size_t ilv_fingerprint_size(unsigned max_tasks, unsigned max_objects)
{
    max_tasks = max_tasks ? max_tasks : 1;
    max_objects = max_objects ? max_objects : 1;
    unsigned slots = max_tasks > max_objects ? max_tasks : max_objects;
    return sizeof(struct ilv_fingerprint) + slots * sizeof(struct slot);
}

struct ilv_fingerprint *ilv_fingerprint_begin(void *memory, unsigned max_tasks,
                                              unsigned max_objects)
{
    struct ilv_fingerprint *f = memory;
    *f = (struct ilv_fingerprint){
        .max_tasks = max_tasks ? max_tasks : 1,
        .max_objects = max_objects ? max_objects : 1,
    };
    return f;
}

static struct slot *slot_of(struct ilv_fingerprint *f, uint32_t index)
{
    while (f->ready <= index) {
        f->slot[f->ready++] = (struct slot){.entry.effect = ILV_EFFECT_NONE};
    }
    return &f->slot[index];
}

static uint64_t *last_of(struct ilv_fingerprint *f, uint32_t task)
{
    return &slot_of(f, task < f->max_tasks ? task : f->max_tasks - 1)->last;
}

static struct entry *entry_of(struct ilv_fingerprint *f, uint32_t object)
{
    return &slot_of(f, object < f->max_objects ? object : 0)->entry;
}

static void look_up(struct touch *touch)
{
    const struct entry *entry = touch->entry;
    touch->joins = entry->effect == touch->effect && touch->effect != ILV_EFFECT_WRITE;
    touch->before =
        touch->joins ? entry->past : ilv_hash_mix(entry->past * WEIGHT_PAST + entry->group);
}

static void add(const struct touch *touch, uint64_t hash)
{
    struct entry *entry = touch->entry;
    entry->group = (touch->joins ? entry->group : 0) + hash;
    entry->past = touch->before;
    entry->effect = touch->effect;
}

/* Notes one more touched object. An object touched twice by one step is written, if the two
 * effects differ. */
static void touch_object(struct ilv_fingerprint *f, struct touch *touch, unsigned *count,
                         uint32_t object, unsigned effect)
{
    struct entry *entry = entry_of(f, object);
    for (unsigned i = 0; i < *count; i++) {
        if (touch[i].entry == entry) {
            touch[i].effect = touch[i].effect == effect ? effect : ILV_EFFECT_WRITE;
            return;
        }
    }
    touch[(*count)++] = (struct touch){.entry = entry, .effect = effect};
}

static unsigned touched(struct ilv_fingerprint *f, const struct ilv_step *step,
                        const struct ilv_event_row *row, struct touch touch[3])
{
    unsigned count = 0;
    if (row->effect == ILV_EFFECT_ALL) {
        return 0;
    }
    if (step->object && row->effect != ILV_EFFECT_NONE) {
        touch_object(f, touch, &count, step->object, row->effect);
    }
    if (step->object2 && row->effect2 != ILV_EFFECT_NONE) {
        touch_object(f, touch, &count, step->object2, row->effect2);
    }
    if (ilv__looks_at_all_channels(row, step->object)) {
        touch_object(f, touch, &count, 0, ILV_EFFECT_READ);
    } else if (ilv__changes_a_channel(row)) {
        touch_object(f, touch, &count, 0, ILV_EFFECT_ADD);
    }
    return count;
}

/* By far the most steps: no need to look for more than one object. */
static bool touches_one(const struct ilv_step *step, const struct ilv_event_row *row)
{
    bool second = step->object2 != 0 && row->effect2 != ILV_EFFECT_NONE;
    return row->effect != ILV_EFFECT_ALL && row->effect != ILV_EFFECT_NONE &&
           row->cls != ILV_CLASS_CHANNEL && step->object != 0 && !second;
}

static uint64_t hash_one(struct ilv_fingerprint *f, const struct ilv_step *step,
                         const struct ilv_event_row *row, uint64_t sum)
{
    struct touch touch = {.entry = entry_of(f, step->object), .effect = row->effect};
    look_up(&touch);
    uint64_t hash = ilv_hash_mix(sum * WEIGHT_PAST + touch.before);
    add(&touch, hash);
    return hash;
}

static uint64_t hash_several(struct ilv_fingerprint *f, const struct ilv_step *step,
                             const struct ilv_event_row *row, uint64_t sum)
{
    struct touch touch[3] = {0};
    unsigned count = touched(f, step, row, touch);
    for (unsigned i = 0; i < count; i++) {
        look_up(&touch[i]);
        sum = sum * WEIGHT_PAST + touch[i].before;
    }
    bool all = row->effect == ILV_EFFECT_ALL;
    uint64_t hash = ilv_hash_mix(all ? sum * WEIGHT_PAST + f->sum : sum);
    f->epoch = all ? hash : f->epoch;
    for (unsigned i = 0; i < count; i++) {
        add(&touch[i], hash);
    }
    return hash;
}

uint64_t ilv_fingerprint_step(struct ilv_fingerprint *f, const struct ilv_step *step,
                              uint64_t task_id, uint64_t object_id, uint64_t object2_id)
{
    const struct ilv_event_row *row = ilv__event_row(step->kind);
    uint64_t *last = last_of(f, step->task);
    uint64_t sum = task_id * WEIGHT_TASK + *last * WEIGHT_LAST + step->kind * WEIGHT_KIND +
                   (uint32_t)step->result * WEIGHT_RESULT + object_id * WEIGHT_OBJECT +
                   object2_id * WEIGHT_OBJECT2 + f->epoch * WEIGHT_EPOCH;
    if (step->flags & ILV_NO_STEP) {
        return ilv_hash_mix(sum);
    }
    uint64_t hash =
        touches_one(step, row) ? hash_one(f, step, row, sum) : hash_several(f, step, row, sum);
    *last = hash;
    f->sum += hash;
    return hash;
}

uint64_t ilv_fingerprint_value(const struct ilv_fingerprint *f)
{
    return f->sum;
}
