/* SPDX-License-Identifier: MIT */
/*
 * What a run left behind lies in memory that the program could write. It is copied once, and the
 * copy is made harmless: counts and indices that are out of range become 0, texts are ended.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "internal.h"

struct ilv_run *ilv__run_new(void)
{
    void *map = mmap(NULL, sizeof(struct ilv_run), PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED)
        abort();
    return map;
}

void ilv__run_free(struct ilv_run *run)
{
    if (run)
        munmap(run, sizeof *run);
}

static void most(uint32_t *count, uint32_t limit)
{
    if (*count > limit)
        *count = limit;
}

static void counts_mend(struct ilv_run *run)
{
    most(&run->task_count, ILV_MAX_TASKS);
    most(&run->object_count, ILV_MAX_OBJECTS);
    most(&run->trace_count, ILV_MAX_TRACE);
    most(&run->choice_count, ILV_MAX_CHOICES);
    most(&run->finding_count, ILV_MAX_FINDINGS);
    most(&run->module_count, ILV_MAX_MODULES);
    most(&run->site_count, ILV_MAX_SITES);
    if (run->ending.task >= run->task_count)
        run->ending.task = 0;
}

static void index16_mend(uint16_t *index, uint32_t limit)
{
    if (*index >= limit)
        *index = 0;
}

static void index_mend(uint32_t *index, uint32_t limit)
{
    if (*index >= limit)
        *index = 0;
}

static void finding_mend(const struct ilv_run *run, struct ilv_finding *f)
{
    index16_mend(&f->verdict, ILV_VERDICT_COUNT);
    index16_mend(&f->kind, ILV_KIND_COUNT);
    index16_mend(&f->task, run->task_count);
    if (f->parts_used > ILV_FINDING_PARTS)
        f->parts_used = ILV_FINDING_PARTS;
    f->text[sizeof f->text - 1] = '\0';
    for (unsigned i = 0; i < ILV_FINDING_PARTS; i++) {
        index16_mend(&f->part[i].task, run->task_count);
        index_mend(&f->part[i].object, run->object_count);
        index_mend(&f->part[i].site, run->site_count);
    }
}

static void op_mend(const struct ilv_run *run, struct ilv_op *op)
{
    index16_mend(&op->kind, ILV_EV_COUNT);
    index_mend(&op->object, run->object_count);
    index_mend(&op->object2, run->object_count);
    index_mend(&op->site, run->site_count);
}

/* A parent comes before its children: following parents ends. */
static void tasks_mend(struct ilv_run *run)
{
    for (uint32_t i = 0; i < run->task_count; i++) {
        struct ilv_task_info *t = &run->task[i];
        t->index = (uint16_t)i;
        if (t->parent >= i)
            t->parent = 0;
        t->name[sizeof t->name - 1] = '\0';
        index_mend(&t->site, run->site_count);
        op_mend(run, &t->op);
    }
}

static void objects_mend(struct ilv_run *run)
{
    for (uint32_t i = 0; i < run->object_count; i++) {
        struct ilv_object_info *o = &run->object[i];
        if (o->module > run->module_count)
            o->module = 0;
        if (o->cls >= ILV_CLASS_COUNT)
            o->cls = ILV_CLASS_NONE;
        if (o->cls == ILV_CLASS_MEMORY && o->flags > ILV_LOCATION_STACK)
            o->flags = ILV_LOCATION_NONE;
        index_mend(&o->site, run->site_count);
        index16_mend(&o->creator, run->task_count);
    }
    for (uint32_t i = 0; i < ILV_MAX_NAMES; i++)
        run->name[i][ILV_NAME_SIZE - 1] = '\0';
    for (uint32_t i = 0; i < run->module_count; i++) {
        struct ilv_module *m = &run->module[i];
        m->path[sizeof m->path - 1] = '\0';
        if (m->build_id_size > sizeof m->build_id)
            m->build_id_size = 0;
    }
}

static void steps_mend(struct ilv_run *run)
{
    for (uint32_t i = 0; i < run->trace_count; i++) {
        struct ilv_step *s = &run->trace[i];
        index16_mend(&s->kind, ILV_EV_COUNT);
        index16_mend(&s->task, run->task_count);
        index_mend(&s->object, run->object_count);
        index_mend(&s->object2, run->object_count);
        index_mend(&s->site, run->site_count);
    }
    for (uint32_t i = 0; i < run->choice_count; i++) {
        struct ilv_choice *c = &run->choice[i];
        index16_mend(&c->task, run->task_count);
        index16_mend(&c->kind, ILV_EV_COUNT);
        index16_mend(&c->how, ILV_HOW_COUNT);
    }
}

/* Those that the run went on after are known, and are not what it is about. */
static void findings_drop(struct ilv_run *run)
{
    uint32_t kept = 0, errors = 0;
    for (uint32_t i = 0; i < run->finding_count; i++) {
        bool error = ilv_verdict_class(run->finding[i].verdict) == ILV_ERROR;
        if (!error || ++errors > run->passed)
            run->finding[kept++] = run->finding[i];
    }
    run->finding_count = kept;
    run->passed = 0;
}

#define COPY(field, count) memcpy(to->field, from->field, (count) * sizeof *to->field)

void ilv__run_copy(struct ilv_run *to, const struct ilv_run *from)
{
    memcpy(to, from, offsetof(struct ilv_run, module));
    counts_mend(to);
    COPY(module, to->module_count);
    COPY(task, to->task_count);
    COPY(object, to->object_count);
    to->output = from->output;
    COPY(choice, to->choice_count);
    COPY(site, to->site_count);
    COPY(trace, to->trace_count);
    for (uint32_t i = 0; i < to->finding_count; i++)
        finding_mend(to, &to->finding[i]);
    findings_drop(to);
    tasks_mend(to);
    objects_mend(to);
    steps_mend(to);
}
