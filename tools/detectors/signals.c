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

static void note_signal(struct ilv__signal *last, const struct ilv_step *step, uint32_t number)
{
    uint32_t woken = step->value < last->asleep ? (uint32_t)step->value : last->asleep;
    last->asleep = step->kind == ILV_EV_COND_BROADCAST ? 0 : last->asleep - woken;
    last->step = number;
    last->site = step->site;
    last->task = step->task;
    last->unheard = step->value == 0;
}

/* Who was woken is no sleeper any more; who left by himself did so some time before this step. */
static void note_wake(struct ilv__signal *last, const struct ilv_step *step)
{
    unsigned alone = ILV_EXPIRED | ILV_SPURIOUS | ILV_INTERRUPTED;
    if ((step->flags & alone) != 0 && last->asleep > 0) {
        last->asleep--;
    }
}

void ilv__signals_note(struct ilv__signals *signals, const struct ilv_step *step, uint32_t number)
{
    if (step->object >= signals->max_objects || step->task >= signals->max_tasks) {
        return;
    }
    struct ilv__signal *last = &signals->last[step->object];
    if (step->kind == ILV_EV_COND_WAIT && step->result == 0) {
        signals->slept_at[step->task] = number;
        last->asleep++;
    } else if (step->kind == ILV_EV_COND_WAKE) {
        note_wake(last, step);
    } else if (step->kind == ILV_EV_COND_SIGNAL || step->kind == ILV_EV_COND_BROADCAST) {
        note_signal(last, step, number);
    }
}

static bool gave_up(const struct ilv_op *op)
{
    return (op->flags & ILV_TIMED) != 0 && op->deadline == 0;
}

bool ilv__woken(const struct ilv__signals *signals, const struct ilv_op *op)
{
    bool nobody_sleeps = op->object < signals->max_objects && signals->last[op->object].asleep == 0;
    return op->kind == ILV_EV_COND_WAKE && (op->value == 1 || gave_up(op) || nobody_sleeps);
}

bool ilv__asleep(const struct ilv__signals *signals, const struct ilv_view *view, unsigned task)
{
    const struct ilv_task_info *info = &view->tasks[task];
    const struct ilv_op *op = &info->op;
    if (info->state != ILV_TASK_LIVE || op->kind != ILV_EV_COND_WAKE || ilv__woken(signals, op) ||
        op->object >= signals->max_objects || task >= signals->max_tasks) {
        return false;
    }
    return signals->last[op->object].step < signals->slept_at[task];
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
        if (info->state == ILV_TASK_LIVE && ilv__lock_awaited(signals, &info->op) != 0) {
            return false;
        }
        missed = missed || ilv__missed(signals, view, t) != NULL;
    }
    return missed;
}
