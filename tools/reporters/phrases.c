/* SPDX-License-Identifier: MIT */
/*
 * phrases.c: what a record of the trace says, by phrases.def.
 */
#include <stdio.h>

#include "internal.h"

static const struct ilv__phrase phrases[ILV_EV_COUNT] = {
#define PHRASE(EVENT, HOLD, HOLD2, done, waiting) \
    [ILV_EV_##EVENT] = {done, waiting, ILV__##HOLD, ILV__##HOLD2},
#include "phrases.def"
#undef PHRASE
};

const struct ilv__phrase *ilv__phrase(unsigned event)
{
    bool known = event < ILV_EV_COUNT && phrases[event].done != NULL;
    return &phrases[known ? event : ILV_EV_NONE];
}

struct record {
    const struct ilv__tale *tale;
    const struct ilv_step *step;
    const struct ilv__moment *moment;
};

static void put(struct ilv__line *line, char letter, const void *context)
{
    const struct record *r = context;
    char name[ILV__PHRASE_SIZE];
    if (letter == 'o' && ilv__is_access(r->step))
        ilv__add(line, "%s", ilv__access_name(r->tale, r->step, name, sizeof name));
    else if (letter == 'v')
        ilv__add_values(line, r->step);
    else if (letter == 'o')
        ilv__add(line, "%s", ilv__object_name(r->tale, r->step->object, name, sizeof name));
    else if (letter == 'p')
        ilv__add(line, "%s", ilv__object_name(r->tale, r->step->object2, name, sizeof name));
    else if (letter == 's')
        ilv__add(line, "%s", ilv__signal_name((int)r->step->value, name, sizeof name));
    else if (letter == 'h' && r->moment->holder != 0)
        ilv__add(line, " (held by %s)",
                 ilv__task_name(r->tale, r->moment->holder - 1u, name, sizeof name));
    else if (letter == 'n' && r->step->value == 0)
        ilv__add(line, " (nobody waits)");
    else if (letter == 'r')
        ilv__add(line, "%s", r->step->value == 1 ? "runs" : "passes");
}

/* What is said behind a phrase, for each flag. */
static const struct {
    uint16_t flag;
    const char *words;
} remarks[] = {
    {ILV_EXPIRED, ", timed out"},
    {ILV_SPURIOUS, ", though nobody woke it"},
    {ILV_INTERRUPTED, ", interrupted"},
    {ILV_OWNER_DIED, ", whose owner died"},
};

/* Whether there was one. */
static bool add_remarks(struct ilv__line *line, const struct ilv_step *step)
{
    bool said = false;
    for (unsigned i = 0; i < sizeof remarks / sizeof remarks[0]; i++) {
        if ((step->flags & remarks[i].flag) == 0)
            continue;
        ilv__add(line, "%s", remarks[i].words);
        if (remarks[i].flag == ILV_EXPIRED && ilv__is_early(step))
            ilv__add(line, " early");
        said = true;
    }
    return said;
}

static void add_outcome(struct ilv__line *line, const struct ilv_step *step)
{
    char name[32];
    if (!add_remarks(line, step) && step->result != 0)
        ilv__add(line, ": %s", ilv__error_name(step->result, name, sizeof name));
}

char *ilv__record_phrase(const struct ilv__tale *tale, uint32_t record, char *out, size_t size)
{
    const struct ilv_step *step = ilv__record(tale, record);
    const struct ilv__phrase *phrase = ilv__phrase(step->kind);
    bool waiting = (step->flags & ILV_BLOCKED) != 0;
    struct ilv__line line = ilv__line(out, size);
    struct record context = {tale, step, &tale->moment[record]};
    ilv__expand(&line, waiting ? phrase->waiting : phrase->done, put, &context);
    if (!waiting)
        add_outcome(&line, step);
    if ((step->flags & ILV_HANDLER) != 0 && line.used > 0)
        ilv__add(&line, " (in a handler)");
    return out;
}

char *ilv__call_phrase(const struct ilv__tale *tale, uint32_t record, char *out, size_t size)
{
    static const char *const verbs[ILV_EV_COUNT] = {
        [ILV_EV_FUTEX_WAIT] = "sleeps in", [ILV_EV_FUTEX_AWAKE] = "awakes in"};
    const struct ilv_step *step = ilv__record(tale, record);
    bool waiting = (step->flags & ILV_BLOCKED) != 0;
    const char *verb = step->kind < ILV_EV_COUNT ? verbs[step->kind] : NULL;
    struct ilv__line line = ilv__line(out, size);
    ilv__add(&line, "%s ", waiting ? "waits in" : verb != NULL ? verb : "calls");
    ilv__add_call(&line, tale, step);
    if (!waiting && verb != NULL)
        add_remarks(&line, step);
    return out;
}

char *ilv__last_phrase(const struct ilv__tale *tale, unsigned task, char *out, size_t size)
{
    uint32_t i = tale->record_count;
    struct ilv__line line = ilv__line(out, size);
    if (task >= tale->task_count)
        return out;
    while (i > 0 && ilv__record(tale, i - 1)->task != task)
        i--;
    bool waiting = i > 0 && (ilv__record(tale, i - 1)->flags & ILV_BLOCKED) != 0;
    const struct ilv_op *op = &tale->run->task[task].op;
    const struct ilv__phrase *phrase = ilv__phrase(op->kind);
    struct ilv_step step = {
        .kind = op->kind, .object = op->object, .object2 = op->object2, .value = op->value};
    struct ilv__moment moment = {0};
    struct record context = {tale, &step, &moment};
    if (op->kind != ILV_EV_NONE)
        ilv__expand(&line, waiting && phrase->waiting[0] != '\0' ? phrase->waiting : phrase->done,
                    put, &context);
    return out;
}
