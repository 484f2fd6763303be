/* SPDX-License-Identifier: MIT */
/*
 * tasks.c: the table of tasks and the order in which they are offered.
 */
#include "runtime.h"

#include <string.h>

static void root_task(struct ilv_task_info *info)
{
    info->id = ilv_task_root_id();
    info->nth = 0;
}

static void child_task(struct ilv_task_info *info, struct task *parent)
{
    info->parent = parent->index;
    info->nth = ++parent->children;
    info->id = ilv_task_child_id(parent->info->id, info->nth, 0);
    info->site = parent->info->op.site;
    memcpy(info->name, parent->info->name, sizeof info->name);
}

struct task *ilv__task_make(struct task *parent)
{
    struct world *w = &ilv__world;
    if (w->run->task_count == ILV_MAX_TASKS)
        ilv__limited("more than 1024 threads in one run, those that ended included");
    uint16_t index = (uint16_t)w->run->task_count++;
    struct task *t = &w->task[index];
    struct ilv_task_info *info = &w->run->task[index];
    memset(t, 0, sizeof *t);
    memset(info, 0, sizeof *info);
    t->info = info;
    t->index = index;
    t->selector = &t->own_selector;
    t->race = index;
    info->index = index;
    info->made_at = w->step;
    if (parent == NULL)
        root_task(info);
    else
        child_task(info, parent);
    if (w->current == NULL)
        w->current = t;
    t->object = (uint16_t)ilv__object_make(ILV_CLASS_TASK, NULL, 0);
    ilv__object_info(t->object)->id = info->id;
    ilv__object_info(t->object)->address = index; /* the reporters' way back to the task */
    return t;
}

void ilv__task_live(struct task *t)
{
    struct world *w = &ilv__world;
    uint32_t at = w->live++;
    while (at > 0 && ilv_task_order(w->run->task, w->order[at - 1], t->index) > 0) {
        w->order[at] = w->order[at - 1];
        at--;
    }
    w->order[at] = t->index;
    t->last_step = t->round = w->step;
    t->info->state = ILV_TASK_LIVE;
}

static void take_out_of_order(const struct task *t)
{
    struct world *w = &ilv__world;
    uint32_t i = 0;
    while (w->order[i] != t->index)
        i++;
    w->live--;
    memmove(&w->order[i], &w->order[i + 1], (w->live - i) * sizeof w->order[0]);
}

void ilv__task_end(struct task *t)
{
    take_out_of_order(t);
    ilv__clear_yield(t);
    t->info->state = ILV_TASK_ENDED;
    ilv__changed(t->object);
}

struct task *ilv__task_of(pthread_t handle)
{
    struct world *w = &ilv__world;
    for (uint32_t i = w->run->task_count; i-- > 0;) {
        struct task *t = &w->task[i];
        if (pthread_equal(t->handle, handle) && !t->reaped)
            return t;
    }
    return NULL;
}
