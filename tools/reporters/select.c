/* SPDX-License-Identifier: MIT */
/*
 * select.c: which records of the trace a story shows.
 *
 * The finding names tasks and objects; what matters is what these tasks did to these objects
 * (and to the mutexes of these conditions) from the first step that the finding speaks of, and
 * how the tasks came and went. Where it names no object, the objects that several tasks used
 * stand for them. Of conditions, semaphores and the like all users matter. What a task did inside
 * our primitives is shown by call (merge.c). Of more than there is room for the last ones are kept,
 * and whatever the finding names. A single record between two that are shown is shown as well: it
 * takes no more room than the row which says that something is missing.
 */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

#define MAX_ROWS 40u   /* of a finding that names objects */
#define MAX_AROUND 24u /* of one that does not */
#define MIN_TAIL 12u

struct pick {
    const struct ilv__tale *tale;
    bool *object;
    bool *task;
    uint8_t *mark;  /* of each record */
    uint32_t *call; /* that it belongs to; 0: none */
    bool *shown;    /* ... whether anything of the call is */
    uint32_t from;  /* step before which only comings and goings matter */
    bool around;    /* the finding names no object */
};

bool ilv__is_meeting_place(const struct ilv__tale *tale, uint32_t object)
{
    static const bool common[ILV_CLASS_COUNT] = {
        [ILV_CLASS_NONE] = true,  [ILV_CLASS_TASK] = true, [ILV_CLASS_SIGNAL] = true,
        [ILV_CLASS_CLOCK] = true, [ILV_CLASS_FILE] = true, [ILV_CLASS_PROCESS] = true,
    };
    unsigned cls = tale->run->object[object].cls;
    return cls < ILV_CLASS_COUNT && !common[cls];
}

/* Involves what a part names; returns whether that is an object which the finding is about. What
 * a task happened to be doing at the end is not. */
static bool involve(struct pick *p, const struct ilv_part *part)
{
    bool last_deed = part->role == ILV_ROLE_DID && part->step == 0;
    if (part->task < p->tale->task_count)
        p->task[part->task] = true;
    int task = ilv__object_task(p->tale, part->object);
    if (task >= 0)
        p->task[task] = true;
    if (task >= 0 || last_deed || part->object == 0 || part->object >= p->tale->object_count)
        return false;
    p->object[part->object] = true;
    return true;
}

/* Marks what the finding names; returns whether it names an object. */
static bool involve_finding(struct pick *p, const struct ilv_finding *f)
{
    bool any = false;
    uint32_t from = UINT32_MAX;
    for (unsigned i = 0; i < ilv__parts(f); i++) {
        any = involve(p, &f->part[i]) || any;
        if (f->part[i].step > 0 && f->part[i].step < from)
            from = f->part[i].step;
    }
    if (f->task < p->tale->task_count)
        p->task[f->task] = true;
    p->from = any && from != UINT32_MAX ? from : 0;
    return any;
}

static void involve_mutexes(struct pick *p)
{
    const struct ilv__tale *tale = p->tale;
    for (uint32_t i = 0; i < tale->record_count; i++) {
        const struct ilv_step *step = ilv__record(tale, i);
        if (step->kind == ILV_EV_COND_WAIT && step->object < tale->object_count &&
            step->object2 < tale->object_count && p->object[step->object])
            p->object[step->object2] = true;
    }
}

/* Who waits for something that no task holds may have missed it to anybody who used it. */
static void involve_users(struct pick *p)
{
    static const bool held[ILV_CLASS_COUNT] = {
        [ILV_CLASS_MUTEX] = true,
        [ILV_CLASS_RWLOCK] = true,
        [ILV_CLASS_SPIN] = true,
        [ILV_CLASS_ONCE] = true,
    };
    const struct ilv__tale *tale = p->tale;
    for (uint32_t i = 0; i < tale->record_count; i++) {
        const struct ilv_step *step = ilv__record(tale, i);
        if (step->object >= tale->object_count || !p->object[step->object])
            continue;
        unsigned cls = tale->run->object[step->object].cls;
        if (cls < ILV_CLASS_COUNT && !held[cls] && step->task < tale->task_count)
            p->task[step->task] = true;
    }
}

/* Marks the objects that several tasks used; returns whether there are any. */
static bool involve_shared_objects(struct pick *p, uint16_t *user)
{
    const struct ilv__tale *tale = p->tale;
    bool any = false;
    for (uint32_t i = 0; i < tale->record_count; i++) {
        const struct ilv_step *step = ilv__record(tale, i);
        uint32_t o = step->object;
        if (o == 0 || o >= tale->object_count || !ilv__is_meeting_place(tale, o))
            continue;
        if (user[o] != 0 && user[o] != step->task + 1)
            p->object[o] = any = true;
        user[o] = (uint16_t)(step->task + 1);
    }
    return any;
}

/* Marks the objects that several tasks used, else all, and the tasks that used them. */
static void involve_shared(struct pick *p, uint16_t *user)
{
    const struct ilv__tale *tale = p->tale;
    if (!involve_shared_objects(p, user))
        for (uint32_t o = 1; o < tale->object_count; o++)
            p->object[o] = ilv__is_meeting_place(tale, o);
    for (uint32_t i = 0; i < tale->record_count; i++) {
        const struct ilv_step *step = ilv__record(tale, i);
        if (step->object < tale->object_count && p->object[step->object] &&
            step->task < tale->task_count)
            p->task[step->task] = true;
    }
}

static bool comes_or_goes(const struct pick *p, const struct ilv_step *step)
{
    static const bool about_tasks[ILV_EV_COUNT] = {
        [ILV_EV_TASK_CREATE] = true, [ILV_EV_TASK_JOIN] = true,   [ILV_EV_TASK_TRYJOIN] = true,
        [ILV_EV_TASK_DETACH] = true, [ILV_EV_TASK_CANCEL] = true,
    };
    if (step->kind == ILV_EV_TASK_START || step->kind == ILV_EV_TASK_EXIT ||
        step->kind == ILV_EV_PROCESS_EXIT)
        return p->task[step->task];
    int task = step->kind < ILV_EV_COUNT && about_tasks[step->kind]
                   ? ilv__object_task(p->tale, step->object)
                   : -1;
    return task >= 0 && p->task[task];
}

static bool is_named(const struct pick *p, uint32_t record)
{
    const struct ilv_finding *f = p->tale->finding;
    uint32_t step = p->tale->moment[record].step;
    bool blocked = (ilv__record(p->tale, record)->flags & ILV_BLOCKED) != 0;
    if (f == NULL || blocked)
        return false;
    for (unsigned i = 0; i < ilv__parts(f); i++)
        if (f->part[i].step == step)
            return true;
    const struct ilv_step *last = ilv__record(p->tale, record);
    return f->step == step && f->task == last->task && !ilv__is_of_library(p->tale, last);
}

static bool says_something(const struct pick *p, uint32_t record)
{
    const struct ilv_step *step = ilv__record(p->tale, record);
    const struct ilv__phrase *phrase = ilv__phrase(step->kind);
    return (step->flags & ILV_BLOCKED) == 0 || phrase->waiting[0] != '\0';
}

static bool touches(const struct pick *p, const struct ilv_step *step)
{
    uint32_t count = p->tale->object_count;
    return p->task[step->task] && ((step->object < count && p->object[step->object]) ||
                                   (step->object2 < count && p->object[step->object2]));
}

/* Our primitives make themselves ready, and somebody else is at it. */
static bool waits_for_preparation(const struct pick *p, const struct ilv_step *step)
{
    return (step->flags & ILV_BLOCKED) != 0 && step->object < p->tale->object_count &&
           p->tale->run->object[step->object].cls == ILV_CLASS_ONCE &&
           ilv__is_told_by_call(p->tale, step);
}

static enum ilv__mark judge(const struct pick *p, uint32_t record)
{
    const struct ilv_step *step = ilv__record(p->tale, record);
    if (step->task >= p->tale->task_count || !says_something(p, record))
        return ILV__SKIP;
    if (p->tale->report->options.whole)
        return ILV__MUST;
    if (comes_or_goes(p, step) || is_named(p, record) || ilv__is_early(step))
        return ILV__MUST;
    if (ilv__is_of_library(p->tale, step) || waits_for_preparation(p, step))
        return ILV__SKIP;
    bool told = touches(p, step) || (p->around && ilv__is_told_by_call(p->tale, step));
    return told && p->tale->moment[record].step >= p->from ? ILV__MAY : ILV__SKIP;
}

/* Keeps all that must be shown and as many of the last others as there is room for. */
static void limit_rows(struct pick *p, uint32_t rows)
{
    uint32_t must = 0;
    for (uint32_t i = 0; i < p->tale->record_count; i++)
        must += p->mark[i] == ILV__MUST;
    uint32_t rest = must + MIN_TAIL < rows ? rows - must : MIN_TAIL;
    for (uint32_t i = p->tale->record_count; i-- > 0;) {
        if (p->mark[i] != ILV__MAY)
            continue;
        if (rest == 0)
            p->mark[i] = ILV__SKIP;
        else
            rest--;
    }
}

static bool is_of_primitives(const struct pick *p, const struct ilv_step *step)
{
    return ilv__is_told_by_call(p->tale, step) || ilv__is_of_library(p->tale, step);
}

/* Shows a step that is the only one missing between two others, if its task has a column. */
static void fill_single_gaps(struct pick *p)
{
    uint32_t missing = 0;
    uint32_t last = 0;
    for (uint32_t i = 0; i < p->tale->record_count; i++) {
        const struct ilv_step *step = ilv__record(p->tale, i);
        if (p->mark[i] == ILV__SKIP && (step->flags & ILV_NO_STEP) == 0) {
            missing++;
            last = i;
        } else if (p->mark[i] != ILV__SKIP) {
            const struct ilv_step *one = ilv__record(p->tale, last);
            bool has_column = one->task < p->tale->task_count && p->task[one->task];
            if (missing == 1 && has_column && !is_of_primitives(p, one))
                p->mark[last] = ILV__MAY;
            missing = 0;
        }
    }
}

static void collect_tasks(const struct pick *p, struct ilv__selection *s)
{
    for (uint32_t t = 0; t < p->tale->task_count; t++) {
        if (!p->task[t])
            continue;
        uint32_t at = s->task_count++;
        while (at > 0 && ilv_task_order(p->tale->run->task, s->task[at - 1], t) > 0) {
            s->task[at] = s->task[at - 1];
            at--;
        }
        s->task[at] = (uint16_t)t;
    }
}

/* Steps that are not shown but belong to a call of which another one is. */
static void count_told(struct pick *p, struct ilv__selection *s)
{
    const struct ilv__tale *tale = p->tale;
    for (uint32_t i = 0; i < tale->record_count; i++)
        p->shown[p->call[i]] = p->shown[p->call[i]] || p->mark[i] != ILV__SKIP;
    p->shown[0] = false;
    for (uint32_t i = 0; i < tale->record_count; i++) {
        uint32_t step = tale->moment[i].step;
        bool told = p->mark[i] == ILV__SKIP && p->shown[p->call[i]];
        if (step > 0 && (ilv__record(tale, i)->flags & ILV_NO_STEP) == 0)
            s->told[step] = s->told[step - 1] + told;
    }
}

static void select_records(struct pick *p, struct ilv__selection *s, uint16_t *user)
{
    const struct ilv__tale *tale = p->tale;
    bool named = tale->finding != NULL && involve_finding(p, tale->finding);
    if (named) {
        involve_users(p);
        involve_mutexes(p);
    } else {
        involve_shared(p, user);
    }
    p->around = !named;
    for (uint32_t i = 0; i < tale->record_count; i++)
        p->mark[i] = (uint8_t)judge(p, i);
    if (!tale->report->options.whole)
        ilv__merge_calls(tale, p->mark, p->call);
    limit_rows(p, named ? MAX_ROWS : MAX_AROUND);
    for (uint32_t t = 0; t < tale->task_count; t++)
        p->task[t] = false;
    for (uint32_t i = 0; i < tale->record_count; i++)
        if (p->mark[i] != ILV__SKIP)
            p->task[ilv__record(tale, i)->task] = true;
    fill_single_gaps(p);
    for (uint32_t i = 0; i < tale->record_count; i++)
        if (p->mark[i] != ILV__SKIP)
            s->record[s->count++] = i;
    count_told(p, s);
    collect_tasks(p, s);
}

int ilv__select(const struct ilv__tale *tale, struct ilv__selection *s)
{
    size_t objects = tale->object_count + 1;
    size_t tasks = tale->task_count + 1;
    uint16_t *user = calloc(objects, sizeof *user);
    bool *flags = calloc(objects + tasks, sizeof *flags);
    uint8_t *marks = calloc(tale->record_count + 1, sizeof *marks);
    uint32_t *calls = calloc(tale->record_count + 1, sizeof *calls);
    *s = (struct ilv__selection){
        .record = calloc(tale->record_count + 1, sizeof *s->record),
        .told = calloc(tale->record_count + 1, sizeof *s->told),
        .task = calloc(tasks, sizeof *s->task),
    };
    bool *shown = calloc(tale->record_count + 1, sizeof *shown);
    bool enough = user && flags && marks && calls && shown && s->record && s->told && s->task;
    if (enough) {
        struct pick p = {.tale = tale,
                         .object = flags,
                         .task = flags + objects,
                         .mark = marks,
                         .call = calls,
                         .shown = shown};
        select_records(&p, s, user);
    }
    free(user);
    free(flags);
    free(marks);
    free(calls);
    free(shown);
    return enough ? 0 : -ENOMEM;
}

void ilv__selection_free(struct ilv__selection *s)
{
    free(s->record);
    free(s->told);
    free(s->task);
}
