/* SPDX-License-Identifier: MIT */
/*
 * merge.c: one row for a call of our primitives.
 *
 * A task's records in one call, one behind the other (whatever other tasks do meanwhile), are told
 * by as few as will do:
 *
 *     created or awaited another task     that alone
 *     locked or unlocked a mutex as such  that, and each time that it had to wait for more
 *     had to wait                         each time: that it sleeps, and that it awakes
 *     none of these                       one record, best one that knows what was called on
 *
 * What must be shown is not touched.
 */
#include <stdlib.h>

#include "internal.h"

/* The call that a task is in, and what of it is shown so far. */
struct group {
    uint32_t call;   /* its number; 0: it is in none */
    uint32_t first;  /* its first record */
    uint32_t site;   /* of its last one */
    uint32_t record; /* the one that stands for it, plus 1; 0: none */
    bool told;       /* others tell it */
    bool waits;      /* the last one tells that it waits */
};

struct merge {
    const struct ilv__tale *tale;
    uint8_t *mark;
    uint32_t *call;
    uint32_t calls;
    struct group *group; /* of each task */
};

static void skip(struct merge *m, uint32_t record)
{
    if (m->mark[record] == ILV__MAY)
        m->mark[record] = ILV__SKIP;
}

/* None that would stand for the call is wanted any more. */
static void tell_by_others(struct merge *m, struct group *g)
{
    if (g->record != 0)
        skip(m, g->record - 1);
    g->record = 0;
    g->told = true;
}

static void tell_tasks(struct merge *m, struct group *g, uint32_t record)
{
    const struct ilv__tale *tale = m->tale;
    for (uint32_t i = g->first; i < record; i++)
        if (m->call[i] == g->call && ilv__is_told_by_call(tale, ilv__record(tale, i)))
            skip(m, i);
    tell_by_others(m, g);
}

static void tell_wait(struct merge *m, struct group *g, uint32_t record)
{
    const struct ilv_step *step = ilv__record(m->tale, record);
    bool awake = step->kind == ILV_EV_FUTEX_AWAKE && (step->flags & ILV_BLOCKED) == 0;
    tell_by_others(m, g);
    if (g->waits != awake)
        skip(m, record);
    else
        g->waits = !awake;
}

static bool knows_on_what(const struct merge *m, uint32_t record)
{
    return ilv__called_on(m->tale, ilv__record(m->tale, record)) != NULL;
}

static void stand_for(struct merge *m, struct group *g, uint32_t record)
{
    bool better = g->record != 0 && !knows_on_what(m, g->record - 1) && knows_on_what(m, record);
    if (g->told || (g->record != 0 && !better)) {
        skip(m, record);
        return;
    }
    if (better)
        skip(m, g->record - 1);
    g->record = record + 1;
}

static bool is_about_waiting(const struct ilv_step *step)
{
    return (step->flags & ILV_BLOCKED) != 0 || step->kind == ILV_EV_FUTEX_WAIT ||
           step->kind == ILV_EV_FUTEX_AWAKE;
}

static void merge_record(struct merge *m, uint32_t record)
{
    const struct ilv_step *step = ilv__record(m->tale, record);
    struct group *g = &m->group[step->task];
    if (!ilv__is_in_call(m->tale, step)) {
        *g = (struct group){0};
        return;
    }
    if (g->call == 0 || !ilv__is_same_call(m->tale, g->site, step->site))
        *g = (struct group){.call = ++m->calls, .first = record};
    g->site = step->site;
    m->call[record] = g->call;
    if (m->mark[record] == ILV__SKIP)
        return;
    if (ilv__object_task(m->tale, step->object) >= 0)
        tell_tasks(m, g, record);
    else if (!ilv__is_told_by_call(m->tale, step))
        tell_by_others(m, g);
    else if (is_about_waiting(step))
        tell_wait(m, g, record);
    else
        stand_for(m, g, record);
}

void ilv__merge_calls(const struct ilv__tale *tale, uint8_t *mark, uint32_t *call)
{
    struct group *groups = calloc(tale->task_count + 1, sizeof *groups);
    struct merge m = {.tale = tale, .mark = mark, .call = call, .group = groups};
    for (uint32_t i = 0; groups != NULL && i < tale->record_count; i++)
        if (ilv__record(tale, i)->task < tale->task_count)
            merge_record(&m, i);
    free(groups);
}
