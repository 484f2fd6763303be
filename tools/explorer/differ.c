/* SPDX-License-Identifier: MIT */
/*
 * Two runs are compared table by table and field by field. What is not compared is what no run can
 * promise: addresses, what is in memory (it may be an address), padding, and the order of kernel
 * threads. Places are compared by the whole stack that was recorded, as module and offset.
 *
 * Steps come first, since they say most; then what the steps do not show.
 */
#include <stdio.h>
#include <string.h>

#include "dump.h"
#include "internal.h"

struct field {
    const char *name;
    size_t offset, size;
    bool (*promised)(const void *record); /* compared in such records only; NULL: in all */
};
#define FIELD_IF(type, member, promised)                                                        \
    {                                                                                           \
#member, offsetof(struct type, member), sizeof(((struct type *)NULL)->member), promised \
    }
#define FIELD(type, member) FIELD_IF(type, member, NULL)
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static bool is_no_access(const void *step)
{
    return ilv_event_row(((const struct ilv_step *)step)->kind)->cls != ILV_CLASS_MEMORY;
}

static const struct field step_fields[] = {
    FIELD(ilv_step, task),   FIELD(ilv_step, kind),
    FIELD(ilv_step, object), FIELD(ilv_step, object2),
    FIELD(ilv_step, result), FIELD(ilv_step, flags),
    FIELD(ilv_step, size),   FIELD(ilv_step, offset),
    FIELD(ilv_step, time),   FIELD_IF(ilv_step, value, is_no_access),
    FIELD(ilv_step, ready),  FIELD(ilv_step, site),
};
static const struct field choice_fields[] = {
    FIELD(ilv_choice, task),   FIELD(ilv_choice, how),   FIELD(ilv_choice, kind),
    FIELD(ilv_choice, signal), FIELD(ilv_choice, count), FIELD(ilv_choice, nth),
};
static const struct field task_fields[] = {
    FIELD(ilv_task_info, id),      FIELD(ilv_task_info, parent),    FIELD(ilv_task_info, nth),
    FIELD(ilv_task_info, process), FIELD(ilv_task_info, state),     FIELD(ilv_task_info, steps),
    FIELD(ilv_task_info, made_at), FIELD(ilv_task_info, site),      FIELD(ilv_task_info, detached),
    FIELD(ilv_task_info, joined),  FIELD(ilv_task_info, name),      FIELD(ilv_task_info, op.kind),
    FIELD(ilv_task_info, op.site), FIELD(ilv_task_info, op.object),
};
static const struct field object_fields[] = {
    FIELD(ilv_object_info, id),      FIELD(ilv_object_info, module),
    FIELD(ilv_object_info, nth),     FIELD(ilv_object_info, offset),
    FIELD(ilv_object_info, site),    FIELD(ilv_object_info, made_at),
    FIELD(ilv_object_info, creator), FIELD(ilv_object_info, cls),
    FIELD(ilv_object_info, state),   FIELD(ilv_object_info, flags),
    FIELD(ilv_object_info, size),    FIELD(ilv_object_info, generation),
    FIELD(ilv_object_info, name),
};
static const struct field finding_fields[] = {
    FIELD(ilv_finding, verdict),    FIELD(ilv_finding, kind), FIELD(ilv_finding, task),
    FIELD(ilv_finding, parts_used), FIELD(ilv_finding, step), FIELD(ilv_finding, value),
    FIELD(ilv_finding, part),       FIELD(ilv_finding, text),
};
static const struct field site_fields[] = {FIELD(ilv_site, frame)};
static const struct field run_fields[] = {
    FIELD(ilv_run, step_count),  FIELD(ilv_run, trace_cut),    FIELD(ilv_run, time),
    FIELD(ilv_run, ending.how),  FIELD(ilv_run, ending.value), FIELD(ilv_run, ending.task),
    FIELD(ilv_run, output.size), FIELD(ilv_run, output.hash),  FIELD(ilv_run, complete),
};

/* The tables of a run, by the words for one of their entries. Entry 0 of some stands for none. */
static const struct table {
    const char *word;
    size_t count, entries, size; /* offsets in ilv_run of the counter and the table; of an entry */
    const struct field *fields;
    size_t field_count;
} tables[] = {
#define TABLE(word, member)                                                                     \
    {                                                                                           \
#word, offsetof(struct ilv_run, member##_count), offsetof(struct ilv_run, member),      \
            sizeof(((struct ilv_run *)NULL)->member[0]), word##_fields, COUNT_OF(word##_fields) \
    }
    TABLE(step, trace),    TABLE(choice, choice), TABLE(task, task),
    TABLE(object, object), TABLE(site, site),     TABLE(finding, finding),
#undef TABLE
};

static const void *at(const void *base, size_t offset)
{
    return (const char *)base + offset;
}

static const struct field *differing(const struct field *fields, size_t count, const void *a,
                                     const void *b)
{
    for (size_t i = 0; i < count; i++) {
        const struct field *f = &fields[i];
        if (f->promised && !f->promised(a))
            continue;
        if (memcmp(at(a, f->offset), at(b, f->offset), f->size))
            return f;
    }
    return NULL;
}

/* A step as the dump tells it, without its number and with single blanks; "none" past the end. */
static void step_words(const struct ilv_run *run, uint32_t i, char *out, size_t size)
{
    char line[512] = "";
    FILE *file = i < run->trace_count ? fmemopen(line, sizeof line - 1, "w") : NULL;
    snprintf(out, size, "none");
    if (!file)
        return;
    struct ilv_trace_tables one = {.tasks = run->task,
                                   .objects = run->object,
                                   .steps = &run->trace[i],
                                   .task_count = run->task_count,
                                   .object_count = run->object_count,
                                   .step_count = 1};
    ilv_trace_dump(file, &one);
    fclose(file);
    size_t used = 0;
    char *rest, *word = strtok_r(line, " \n", &rest);
    *out = '\0';
    while (word && (word = strtok_r(NULL, " \n", &rest)) && used < size)
        used += (size_t)snprintf(out + used, size - used, "%s%s", used ? " " : "", word);
}

/* The number that a record of the trace has among the steps. */
static uint32_t step_number(const struct ilv_run *run, uint32_t i)
{
    uint32_t number = 0;
    for (uint32_t k = 0; k <= i && k < run->trace_count; k++)
        number += !(run->trace[k].flags & ILV_NO_STEP);
    return number;
}

/* field NULL: one of the runs has no such record. */
static void step_text(const struct ilv_run *first, const struct ilv_run *other, uint32_t i,
                      const struct field *field, char *why, size_t size)
{
    char was[160], is[160];
    step_words(first, i, was, sizeof was);
    step_words(other, i, is, sizeof is);
    const struct ilv_run *longer = first->trace_count > i ? first : other;
    if (field && !strcmp(was, is))
        snprintf(why, size, "step %u, %s, has another %s than in the first", step_number(longer, i),
                 is, field->name);
    else
        snprintf(why, size, "step %u is %s, and in the first %s", step_number(longer, i), is, was);
}

static bool table_differs(const struct table *t, const struct ilv_run *first,
                          const struct ilv_run *other, char *why, size_t size)
{
    uint32_t had = *(const uint32_t *)at(first, t->count);
    uint32_t has = *(const uint32_t *)at(other, t->count);
    const char *a = at(first, t->entries), *b = at(other, t->entries);
    for (uint32_t i = 0; i < had || i < has; i++) {
        bool both = i < had && i < has;
        const struct field *f =
            both ? differing(t->fields, t->field_count, a + i * t->size, b + i * t->size) : NULL;
        if (both && !f)
            continue;
        if (t == tables)
            step_text(first, other, i, f, why, size);
        else if (f)
            snprintf(why, size, "%s %u has another %s than in the first", t->word, i, f->name);
        else
            snprintf(why, size, "%u %ss, and in the first %u", has, t->word, had);
        return true;
    }
    return false;
}

bool ilv__run_differs(const struct ilv_run *first, const struct ilv_run *other, char *why,
                      size_t size)
{
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        if (table_differs(&tables[i], first, other, why, size))
            return true;
    }
    const struct field *f = differing(run_fields, COUNT_OF(run_fields), first, other);
    if (f)
        snprintf(why, size, "the run has another %s than the first", f->name);
    return f != NULL;
}
