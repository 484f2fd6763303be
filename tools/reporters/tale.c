/* SPDX-License-Identifier: MIT */
/*
 * tale.c: a run made ready for telling: counts made safe, the finding that it is about, and for
 * each record who held its lock.
 */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

/* What is followed of an object. */
struct follow {
    uint16_t holder; /* plus 1 */
    uint32_t depth;  /* times that it is held */
};

static uint32_t at_most(uint32_t count, uint32_t limit)
{
    return count < limit ? count : limit;
}

/* A step of a mutex says how often it is held still; others are counted. */
static uint32_t depth_after(const struct follow *f, const struct ilv_step *step)
{
    if (step->kind == ILV_EV_MUTEX_UNLOCK || step->kind == ILV_EV_COND_WAIT)
        return step->value < f->depth ? (uint32_t)step->value : f->depth;
    return f->depth > 0 ? f->depth - 1 : 0;
}

static void follow_hold(struct follow *f, unsigned hold, const struct ilv_step *step)
{
    bool first = hold == ILV__FIRST && step->value == 1;
    if (hold == ILV__TAKE || hold == ILV__SHARE || first) {
        f->holder = (uint16_t)(step->task + 1);
        f->depth++;
    } else if (hold == ILV__DROP) {
        f->depth = depth_after(f, step);
        f->holder = f->depth > 0 ? f->holder : 0;
    }
}

/* Whether the step did to its second object what its phrase says: waking takes the mutex again
 * even when time was up. */
static bool had_effect2(const struct ilv_step *step)
{
    return step->kind == ILV_EV_COND_WAKE ? step->result != ENOTRECOVERABLE : step->result == 0;
}

static void follow_step(struct follow *objects, uint32_t count, const struct ilv_step *step)
{
    const struct ilv__phrase *phrase = ilv__phrase(step->kind);
    bool had_effect = step->result == 0 || step->result == EOWNERDEAD;
    if (step->object != 0 && step->object < count && had_effect)
        follow_hold(&objects[step->object], phrase->hold, step);
    if (step->object2 != 0 && step->object2 < count && had_effect2(step))
        follow_hold(&objects[step->object2], phrase->hold2, step);
}

static void follow_trace(struct ilv__tale *tale, struct follow *objects)
{
    uint32_t number = 0;
    for (uint32_t i = 0; i < tale->record_count; i++) {
        const struct ilv_step *step = ilv__record(tale, i);
        struct ilv__moment *m = &tale->moment[i];
        if (step->object < tale->object_count)
            m->holder = objects[step->object].holder;
        if ((step->flags & ILV_NO_STEP) == 0) {
            number++;
            follow_step(objects, tale->object_count, step);
        }
        m->step = number;
    }
}

void ilv__follow_holder(const struct ilv__tale *tale, uint32_t i, uint16_t *holder)
{
    const struct ilv_step *step = ilv__record(tale, i);
    const uint32_t object[] = {step->object, step->object2};
    const struct ilv__phrase *phrase = ilv__phrase(step->kind);
    const unsigned hold[] = {phrase->hold, phrase->hold2};
    for (unsigned k = 0; k < 2 && (step->flags & ILV_NO_STEP) == 0; k++) {
        if (object[k] == 0 || object[k] >= tale->object_count || hold[k] == ILV__KEEP)
            continue;
        struct follow one = {.holder = holder[object[k]], .depth = holder[object[k]] != 0};
        bool had = k == 0 ? step->result == 0 || step->result == EOWNERDEAD : had_effect2(step);
        if (had)
            follow_hold(&one, hold[k], step);
        holder[object[k]] = one.holder;
    }
}

/* The first error, else the first limit, else the first. */
static const struct ilv_finding *worst(const struct ilv_finding *findings, uint32_t count)
{
    static const enum ilv_verdict_class order[] = {ILV_ERROR, ILV_LIMIT};
    for (unsigned c = 0; c < 2; c++)
        for (uint32_t i = 0; i < count; i++)
            if (ilv_verdict_class(findings[i].verdict) == order[c])
                return &findings[i];
    return count > 0 ? findings : NULL;
}

static bool ends_blocked(const struct ilv__tale *tale, unsigned task)
{
    for (uint32_t i = tale->record_count; i-- > 0;)
        if (ilv__record(tale, i)->task == task)
            return (ilv__record(tale, i)->flags & ILV_BLOCKED) != 0;
    return false;
}

/* A task whose operation was possible when it was published, and no more when the finding was
 * made, has no record of waiting. It gets one here. */
static void add_waits(struct ilv__tale *tale)
{
    const struct ilv_finding *f = tale->finding;
    if (f == NULL || tale->run->trace_cut != 0 || tale->trace_count == 0)
        return;
    for (unsigned i = 0; i < ilv__parts(f); i++) {
        const struct ilv_part *part = &f->part[i];
        if (part->role != ILV_ROLE_WAITS || part->task >= tale->task_count ||
            ends_blocked(tale, part->task))
            continue;
        const struct ilv_op *op = &tale->run->task[part->task].op;
        tale->extra[tale->record_count++ - tale->trace_count] =
            (struct ilv_step){.value = op->value,
                              .object = op->object,
                              .object2 = op->object2,
                              .site = op->site,
                              .kind = op->kind,
                              .task = part->task,
                              .flags = (uint16_t)(op->flags | ILV_BLOCKED)};
    }
}

int ilv__tale_begin(struct ilv__tale *tale, const struct ilv_report *report)
{
    const struct ilv_run *run = report->run;
    bool own = report->finding == NULL;
    *tale = (struct ilv__tale){
        .report = report,
        .run = run,
        .findings = own ? run->finding : report->finding,
        .finding_count =
            own ? at_most(run->finding_count, ILV_MAX_FINDINGS) : report->finding_count,
        .task_count = at_most(run->task_count, ILV_MAX_TASKS),
        .object_count = at_most(run->object_count, ILV_MAX_OBJECTS),
        .trace_count = at_most(run->trace_count, ILV_MAX_TRACE),
        .site_count = at_most(run->site_count, ILV_MAX_SITES),
    };
    tale->finding = worst(tale->findings, tale->finding_count);
    tale->record_count = tale->trace_count;
    add_waits(tale);
    tale->moment = calloc(tale->record_count + 1, sizeof *tale->moment);
    struct follow *objects = calloc(tale->object_count + 1, sizeof *objects);
    if (tale->moment != NULL && objects != NULL)
        follow_trace(tale, objects);
    bool failed = ilv__calls_begin(tale) != 0 || tale->moment == NULL || objects == NULL;
    free(objects);
    return failed ? -ENOMEM : 0;
}

void ilv__tale_end(struct ilv__tale *tale)
{
    ilv__calls_end(tale);
    free(tale->moment);
    tale->moment = NULL;
}

unsigned ilv__parts(const struct ilv_finding *finding)
{
    return at_most(finding->parts_used, ILV_FINDING_PARTS);
}

int ilv__object_task(const struct ilv__tale *tale, uint32_t object)
{
    if (object == 0 || object >= tale->object_count)
        return -1;
    const struct ilv_object_info *info = &tale->run->object[object];
    if (info->cls != ILV_CLASS_TASK)
        return -1;
    if (info->address < tale->task_count && tale->run->task[info->address].id == info->id)
        return (int)info->address;
    for (uint32_t t = 0; t < tale->task_count; t++)
        if (tale->run->task[t].id == info->id)
            return (int)t;
    return -1;
}

long ilv__record_of_step(const struct ilv__tale *tale, uint32_t step)
{
    uint32_t low = 0;
    uint32_t high = tale->record_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (tale->moment[middle].step < step)
            low = middle + 1;
        else
            high = middle;
    }
    return step > 0 && low < tale->record_count && tale->moment[low].step == step ? (long)low : -1;
}
