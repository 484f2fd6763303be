/* SPDX-License-Identifier: MIT */
/*
 * access.c: accesses to memory in words: the variable, its values, and who held which lock.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "internal.h"

#define WORD_MASK UINT64_C(7)

bool ilv__is_access(const struct ilv_step *step)
{
    return step->kind < ILV_EV_COUNT && ilv_event_row(step->kind)->cls == ILV_CLASS_MEMORY;
}

static const struct ilv_object_info *memory_of(const struct ilv__tale *tale, uint32_t object)
{
    if (object == 0 || object >= tale->object_count)
        return NULL;
    const struct ilv_object_info *info = &tale->run->object[object];
    return info->cls == ILV_CLASS_MEMORY ? info : NULL;
}

/* A frame's entry is a return address: the code is the call's. */
const char *ilv__local(const struct ilv__tale *tale, const struct ilv_object_info *info,
                       int64_t further, uint32_t size)
{
    if (info->site == 0 || info->site >= tale->site_count || (info->from_sp | info->from_bp) == 0)
        return NULL;
    uint64_t frame = tale->run->site[info->site].frame[0];
    return ilv_symbols_local(tale->report->symbols, ilv_frame_module(frame),
                             ilv_frame_offset(frame) - 1, info->from_sp + further,
                             info->from_bp + further, size);
}

/* How far the access begins behind the byte after which its object is named. */
static int64_t further(const struct ilv_object_info *info, const struct ilv_step *step)
{
    return (int64_t)step->offset - (int64_t)(info->address & WORD_MASK);
}

char *ilv__access_name(const struct ilv__tale *tale, const struct ilv_step *step, char *out,
                       size_t size)
{
    const struct ilv_object_info *info = memory_of(tale, step->object);
    const char *symbol = NULL;
    if (info != NULL && info->module != 0 && step->size != 0)
        symbol = ilv_symbols_data(tale->report->symbols, info->module,
                                  (info->offset & ~WORD_MASK) + step->offset, step->size);
    else if (info != NULL && info->flags == ILV_LOCATION_STACK && step->size != 0)
        symbol = ilv__local(tale, info, further(info, step), step->size);
    if (symbol == NULL)
        return ilv__object_name(tale, step->object, out, size);
    snprintf(out, size, "%s", symbol);
    return ilv__clean(out);
}

/* As a signed number where it is one of everyday size, else as bits. */
static void add_value(struct ilv__line *line, uint64_t value, uint32_t size)
{
    unsigned spare = size < 8 ? 64 - 8 * size : 0;
    int64_t number = (int64_t)(value << spare) >> spare;
    if (number >= INT32_MIN && number <= INT32_MAX)
        ilv__add(line, "%" PRId64, number);
    else
        ilv__add(line, "0x%" PRIx64, value << spare >> spare);
}

/* ` = 1`, or `: 1 -> 0` where it changed the value. */
void ilv__add_values(struct ilv__line *line, const struct ilv_step *step)
{
    if (step->size == 0 || step->size > 8 || step->kind == ILV_EV_MEMORY_FREE)
        return;
    if (ilv_event_row(step->kind)->effect == ILV_EFFECT_READ) {
        ilv__add(line, " = ");
        add_value(line, step->value, step->size);
        return;
    }
    ilv__add(line, ": ");
    add_value(line, step->before, step->size);
    ilv__add(line, " -> ");
    add_value(line, step->value, step->size);
}

long ilv__record_of_access(const struct ilv__tale *tale, const struct ilv_part *part)
{
    for (uint32_t i = 0; i < tale->record_count; i++) {
        const struct ilv_step *step = ilv__record(tale, i);
        if (ilv__is_access(step) && step->task == part->task && step->site == part->site &&
            tale->moment[i].step == part->step &&
            (step->object == part->object || step->object2 == part->object))
            return (long)i;
    }
    return -1;
}

/* The locks that a task holds at a record, `lock_a and lock_b`; false if it holds none. */
static bool add_locks(struct ilv__line *line, const struct ilv__tale *tale, uint16_t task,
                      uint32_t record)
{
    uint16_t *holder = calloc(tale->object_count + 1u, sizeof *holder);
    bool any = false;
    for (uint32_t i = 0; holder != NULL && i <= record; i++)
        ilv__follow_holder(tale, i, holder);
    for (uint32_t o = 1; holder != NULL && o < tale->object_count; o++) {
        char name[ILV__PHRASE_SIZE];
        if (holder[o] != task + 1)
            continue;
        ilv__add(line, "%s%s", any ? " and " : "", ilv__object_name(tale, o, name, sizeof name));
        any = true;
    }
    free(holder);
    return any;
}

static bool is_access_part(const struct ilv_part *part)
{
    return part->role == ILV_ROLE_READ || part->role == ILV_ROLE_WROTE ||
           part->role == ILV_ROLE_FREED;
}

/* `T0.1 holds lock_a, T0.2 holds no lock`; how many of them hold any goes to *holders. */
static unsigned add_holders(struct ilv__line *line, const struct ilv__tale *tale,
                            const struct ilv_finding *finding, unsigned *holders)
{
    unsigned told = 0;
    *holders = 0;
    for (unsigned i = 0; i < ilv__parts(finding); i++) {
        const struct ilv_part *part = &finding->part[i];
        long record = is_access_part(part) ? ilv__record_of_access(tale, part) : -1;
        char name[ILV__PHRASE_SIZE];
        if (record < 0)
            continue;
        ilv__add(line, "%s%s holds ", told > 0 ? ", " : "",
                 ilv__task_name(tale, part->task, name, sizeof name));
        bool any = add_locks(line, tale, part->task, (uint32_t)record);
        ilv__add(line, "%s", any ? "" : "no lock");
        *holders += any;
        told++;
    }
    return told;
}

char *ilv__race_locks(const struct ilv__tale *tale, const struct ilv_finding *finding, char *out,
                      size_t size)
{
    struct ilv__line line = ilv__line(out, size);
    unsigned holders;
    unsigned told = add_holders(&line, tale, finding, &holders);
    if (told > 0 && holders == 0) {
        line = ilv__line(out, size);
        ilv__add(&line, "neither task holds a lock");
    }
    if (told > 0)
        ilv__add(&line, ": one lock held at both, or an atomic object, would order them");
    return out;
}
