/* SPDX-License-Identifier: MIT */
/*
 * sentences.c: what a finding says, by sentences.def.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

struct sentence {
    const char *headline;
    const char *summary;
};

static const struct sentence sentences[ILV_VERDICT_COUNT][ILV_KIND_COUNT] = {
#define SENTENCE(VERDICT, KIND, headline, summary) \
    [ILV_VERDICT_##VERDICT][ILV_KIND_##KIND] = {headline, summary},
#include "sentences.def"
#undef SENTENCE
};

static const struct sentence *find_sentence(const struct ilv_finding *f)
{
    unsigned verdict = f->verdict < ILV_VERDICT_COUNT ? f->verdict : ILV_VERDICT_NONE;
    unsigned kind = f->kind < ILV_KIND_COUNT ? f->kind : ILV_KIND_NONE;
    if (sentences[verdict][kind].headline != NULL)
        return &sentences[verdict][kind];
    if (sentences[verdict][ILV_KIND_NONE].headline != NULL)
        return &sentences[verdict][ILV_KIND_NONE];
    return &sentences[ILV_VERDICT_NONE][ILV_KIND_NONE];
}

struct about {
    const struct ilv__tale *tale;
    const struct ilv_finding *finding;
};

/* Whether part i names a task or object that no part before it names. */
static bool is_new_task(const struct ilv_finding *f, unsigned i, unsigned roles)
{
    for (unsigned j = 0; j < i; j++)
        if ((roles >> f->part[j].role & 1) != 0 && f->part[j].task == f->part[i].task)
            return false;
    return true;
}

static bool is_new_object(const struct ilv_finding *f, unsigned i)
{
    for (unsigned j = 0; j < i; j++)
        if (f->part[j].object == f->part[i].object)
            return false;
    return f->part[i].object != 0;
}

static const char *between(unsigned i, unsigned count, const char *last)
{
    return i == 0 ? "" : i + 1 == count ? last : ", ";
}

#define ALL_ROLES 0xffffu
#define ROLE(role) (1u << ILV_ROLE_##role)

/* The tasks of the parts with one of the roles; the finding's own task if there is none. */
static void add_tasks(struct ilv__line *line, const struct about *about, unsigned roles)
{
    const struct ilv_finding *f = about->finding;
    uint16_t task[ILV_FINDING_PARTS];
    unsigned count = 0;
    for (unsigned i = 0; i < ilv__parts(f); i++)
        if (f->part[i].role < 16 && (roles >> f->part[i].role & 1) != 0 && is_new_task(f, i, roles))
            task[count++] = f->part[i].task;
    if (count == 0)
        task[count++] = f->task;
    for (unsigned i = 0; i < count; i++) {
        char name[ILV__PHRASE_SIZE];
        ilv__add(line, "%s%s", between(i, count, " and "),
                 ilv__task_name(about->tale, task[i], name, sizeof name));
    }
}

static void add_objects(struct ilv__line *line, const struct about *about)
{
    const struct ilv_finding *f = about->finding;
    const char *before = "";
    for (unsigned i = 0; i < ilv__parts(f); i++) {
        char name[ILV__PHRASE_SIZE];
        if (!is_new_object(f, i))
            continue;
        ilv__add(line, "%s%s", before,
                 ilv__object_name(about->tale, f->part[i].object, name, sizeof name));
        before = ", ";
    }
    if (before[0] == '\0')
        ilv__add(line, "an unknown object");
}

static void add_text(struct ilv__line *line, const struct ilv_finding *f)
{
    char text[sizeof f->text + 1];
    snprintf(text, sizeof text, "%.*s", (int)sizeof f->text, f->text);
    ilv__add(line, "%s", text[0] != '\0' ? ilv__clean(text) : "no details");
}

static void add_gloss(struct ilv__line *line, const struct ilv_finding *f)
{
    ilv__add(line, "%s",
             f->kind != ILV_KIND_NONE && f->kind < ILV_KIND_COUNT ? ilv_kind_gloss(f->kind)
                                                                  : ilv_verdict_gloss(f->verdict));
}

static void put(struct ilv__line *line, char letter, const void *context)
{
    const struct about *about = context;
    const struct ilv_finding *f = about->finding;
    char name[32];
    if (letter == 'g')
        add_gloss(line, f);
    else if (letter == 'x')
        add_text(line, f);
    else if (letter == 'v')
        ilv__add(line, "%d", f->value);
    else if (letter == 'S')
        ilv__add(line, "%s", ilv__signal_name(f->value, name, sizeof name));
    else if (letter == 'N')
        ilv__add(line, "%u step%s", about->tale->run->step_count,
                 about->tale->run->step_count == 1 ? "" : "s");
    else if (letter == 'T')
        add_tasks(line, about, ALL_ROLES);
    else if (letter == 'W')
        add_tasks(line, about, ROLE(WAITS));
    else if (letter == 'D')
        add_tasks(line, about, ROLE(DID));
    else if (letter == 'O')
        add_objects(line, about);
}

static void add_name(struct ilv__line *line, const struct ilv_finding *f)
{
    ilv__add(line, "%s", ilv_verdict_word(f->verdict));
    const char *kind = ilv_kind_word(f->kind);
    if (kind[0] != '\0')
        ilv__add(line, " (%s)", kind);
}

char *ilv__headline(const struct ilv__tale *tale, const struct ilv_finding *finding, char *out,
                    size_t size)
{
    struct ilv__line line = ilv__line(out, size);
    struct about about = {tale, finding};
    add_name(&line, finding);
    ilv__add(&line, ": ");
    ilv__expand(&line, find_sentence(finding)->headline, put, &about);
    return out;
}

char *ilv__summary(const struct ilv__tale *tale, const struct ilv_finding *finding, char *out,
                   size_t size)
{
    struct ilv__line line = ilv__line(out, size);
    struct about about = {tale, finding};
    add_name(&line, finding);
    ilv__expand(&line, find_sentence(finding)->summary, put, &about);
    return out;
}

static void add_place(struct ilv__line *line, const struct ilv__tale *tale, uint32_t site)
{
    char name[ILV__PHRASE_SIZE];
    ilv__place_name(tale, site, name, sizeof name);
    if (name[0] != '\0' && !ilv__is_within(tale, site))
        ilv__add(line, " (%s)", name);
}

/* What the task of the part is about to do to its object, in the words of the trace. */
static const char *waiting_form(const struct ilv__tale *tale, const struct ilv_part *part)
{
    if (part->task >= tale->task_count)
        return "waits for %o";
    const struct ilv_op *op = &tale->run->task[part->task].op;
    const char *form = ilv__phrase(op->kind)->waiting;
    if (op->kind == ILV_EV_COND_WAKE && op->object == part->object)
        return "waits on %o";
    return op->object == part->object && form[0] != '\0' ? form : "waits for %o";
}

static void put_part(struct ilv__line *line, char letter, const void *context)
{
    const struct about *about = context;
    const struct ilv_part *part = &about->finding->part[0];
    char name[ILV__PHRASE_SIZE];
    if (letter == 'o')
        ilv__add(line, "%s", ilv__object_name(about->tale, part->object, name, sizeof name));
}

/* Whether the part speaks of the task's creation. */
static bool is_creation(const struct ilv__tale *tale, const struct ilv_part *part)
{
    return part->object == 0 && part->task != 0 && part->task < tale->task_count &&
           tale->run->task[part->task].made_at == part->step &&
           tale->run->task[part->task].site == part->site;
}

/* What the program did last where our primitives went on by themselves, as they do at exit; -1
 * where they did not. */
static long last_own(const struct ilv__tale *tale, const struct ilv_part *part)
{
    const struct ilv_step last = {.site = part->site};
    if (!ilv__is_of_library(tale, &last))
        return -1;
    for (uint32_t i = tale->record_count; i-- > 0;)
        if (ilv__record(tale, i)->task == part->task &&
            !ilv__is_of_library(tale, ilv__record(tale, i)))
            return (long)i;
    return -1;
}

/* What a task did, in the words of the trace where it is recorded. */
static void add_deed(struct ilv__line *line, const struct ilv__tale *tale,
                     const struct ilv_part *part)
{
    char phrase[ILV__PHRASE_SIZE] = "";
    long record = part->step != 0 ? ilv__record_of_step(tale, part->step) : last_own(tale, part);
    if (is_creation(tale, part))
        snprintf(phrase, sizeof phrase, "was created");
    else if (record >= 0 && ilv__record(tale, (uint32_t)record)->task == part->task)
        ilv__record_phrase(tale, (uint32_t)record, phrase, sizeof phrase);
    else if (part->step == 0)
        ilv__last_phrase(tale, part->task, phrase, sizeof phrase);
    ilv__add(line, "%s", phrase[0] != '\0' ? phrase : "was here");
}

static const char *signal_form(const struct ilv__tale *tale, const struct ilv_part *part)
{
    long record = ilv__record_of_step(tale, part->step);
    bool all = record >= 0 && ilv__record(tale, (uint32_t)record)->kind == ILV_EV_COND_BROADCAST;
    return all ? "broadcasts %o when nobody waits" : "signals %o when nobody waits";
}

/* An access of a data race: in the words of the trace where it is recorded, with its values. */
static void add_access(struct ilv__line *line, const struct ilv__tale *tale,
                       const struct ilv_part *part)
{
    static const char *const verb[] = {
        [ILV_ROLE_READ] = "reads", [ILV_ROLE_WROTE] = "writes", [ILV_ROLE_FREED] = "frees"};
    char text[ILV__PHRASE_SIZE];
    long record = ilv__record_of_access(tale, part);
    if (record >= 0)
        ilv__add(line, "%s", ilv__record_phrase(tale, (uint32_t)record, text, sizeof text));
    else
        ilv__add(line, "%s %s", verb[part->role],
                 ilv__object_name(tale, part->object, text, sizeof text));
}

char *ilv__part_phrase(const struct ilv__tale *tale, const struct ilv_finding *finding,
                       unsigned part, char *out, size_t size)
{
    struct ilv__line line = ilv__line(out, size);
    struct ilv_finding one = {.part = {finding->part[part]}};
    struct about about = {tale, &one};
    const struct ilv_part *p = &one.part[0];
    if (ilv__waits_inside(tale, p))
        ilv__add_wait(&line, tale, p);
    else if (p->role == ILV_ROLE_WAITS)
        ilv__expand(&line, waiting_form(tale, p), put_part, &about);
    else if (p->role == ILV_ROLE_HOLDS)
        ilv__expand(&line, "holds %o", put_part, &about);
    else if (p->role == ILV_ROLE_SIGNALLED)
        ilv__expand(&line, signal_form(tale, p), put_part, &about);
    else if (p->role == ILV_ROLE_READ || p->role == ILV_ROLE_WROTE || p->role == ILV_ROLE_FREED)
        add_access(&line, tale, p);
    else
        add_deed(&line, tale, p);
    add_place(&line, tale, p->site);
    return out;
}

char *ilv__part_sentence(const struct ilv__tale *tale, const struct ilv_finding *finding,
                         unsigned *part, char *out, size_t size)
{
    struct ilv__line line = ilv__line(out, size);
    unsigned first = *part;
    unsigned end = first;
    uint16_t task = finding->part[first].task;
    char text[ILV__PHRASE_SIZE];
    while (end < ilv__parts(finding) && finding->part[end].task == task)
        end++;
    ilv__add(&line, "%s ", ilv__task_name(tale, task, text, sizeof text));
    for (unsigned i = first; i < end; i++)
        ilv__add(&line, "%s%s", between(i - first, end - first, " and "),
                 ilv__part_phrase(tale, finding, i, text, sizeof text));
    *part = end;
    return out;
}
