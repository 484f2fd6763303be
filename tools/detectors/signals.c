/* SPDX-License-Identifier: MIT */
/* Signals of conditions that found no waiter, and who went to sleep after them. */
#include "internal.h"

static size_t last_size(uint32_t max_objects)
{
    return (size_t)max_objects * sizeof(struct ilv__signal);
}

size_t ilv__signals_size(uint32_t max_tasks, uint32_t max_objects)
{
    return last_size(max_objects) + (size_t)max_tasks * sizeof(uint32_t);
}

void ilv__signals_begin(struct ilv__signals *signals, void *memory, uint32_t max_tasks,
                        uint32_t max_objects)
{
    char *at = memory;
    *signals = (struct ilv__signals){.last = (void *)at,
                                     .slept_at = (void *)(at + last_size(max_objects)),
                                     .max_tasks = max_tasks,
                                     .max_objects = max_objects};
}

void ilv__signals_note(struct ilv__signals *signals, const struct ilv_step *step, uint32_t number)
{
    if (step->object >= signals->max_objects || step->task >= signals->max_tasks) {
        return;
    }
    if (step->kind == ILV_EV_COND_WAIT) {
        signals->slept_at[step->task] = number;
    } else if (step->kind == ILV_EV_COND_SIGNAL || step->kind == ILV_EV_COND_BROADCAST) {
        signals->last[step->object] = (struct ilv__signal){
            .step = number, .site = step->site, .task = step->task, .unheard = step->value == 0};
    }
}

bool ilv__asleep(const struct ilv__signals *signals, const struct ilv_view *view, unsigned task)
{
    const struct ilv_task_info *info = &view->tasks[task];
    const struct ilv_op *op = &info->op;
    if (info->state != ILV_TASK_LIVE || op->kind != ILV_EV_COND_WAKE || op->value != 0 ||
        op->object >= signals->max_objects || task >= signals->max_tasks) {
        return false;
    }
    bool gave_up = (op->flags & ILV_TIMED) != 0 && op->deadline == 0;
    const struct ilv__signal *last = &signals->last[op->object];
    return !gave_up && last->step < signals->slept_at[task];
}

const struct ilv__signal *ilv__missed(const struct ilv__signals *signals,
                                      const struct ilv_view *view, unsigned task)
{
    if (!ilv__asleep(signals, view, task)) {
        return NULL;
    }
    const struct ilv__signal *last = &signals->last[view->tasks[task].op.object];
    return last->unheard ? last : NULL;
}

bool ilv__lost_wakeup_claims(const struct ilv__signals *signals, const struct ilv_view *view)
{
    bool missed = false;
    for (uint32_t t = 0; t < view->task_count; t++) {
        const struct ilv_task_info *info = &view->tasks[t];
        if (info->state == ILV_TASK_LIVE && ilv__lock_awaited(&info->op) != 0) {
            return false;
        }
        missed = missed || ilv__missed(signals, view, t) != NULL;
    }
    return missed;
}
