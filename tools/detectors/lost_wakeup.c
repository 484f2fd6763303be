/* SPDX-License-Identifier: MIT */
/*
 * Lost wake-ups: the run is stuck, a task sleeps on a condition, and the last signal (or
 * broadcast) of that condition found nobody and came before the task slept.
 *
 * A signal that woke somebody else (a stolen one) is not lost, and one before the last may have
 * been for an earlier state: neither is told. Without a stuck run nothing is said: signals that
 * nobody waits for are the normal case. Which detector reports a stuck run is decided by
 * ilv__lost_wakeup_claims().
 */
#include "internal.h"

static size_t state_size(void)
{
    return (sizeof(struct ilv__signals) + 15) & ~(size_t)15;
}

static size_t size(uint32_t max_tasks, uint32_t max_objects)
{
    return state_size() + ilv__signals_size(max_tasks, max_objects);
}

static void begin(void *state, uint32_t max_tasks, uint32_t max_objects)
{
    ilv__signals_begin(state, (char *)state + state_size(), max_tasks, max_objects);
}

static void step(void *state, const struct ilv_view *view, const struct ilv_step *done)
{
    ilv__signals_step(state, done, view->step);
}

static void end(void *state, const struct ilv_view *view, const struct ilv_ending *ending)
{
    const struct ilv__signals *signals = state;
    if (ending->how != ILV_END_STUCK || !ilv__lost_wakeup_claims(signals, view)) {
        return;
    }
    struct ilv_finding finding =
        ilv__finding(view, ILV_VERDICT_LOST_WAKEUP, ILV_KIND_NONE, ending->task);
    for (uint32_t t = 0; t < view->task_count; t++) {
        const struct ilv__signal *missed = ilv__missed(signals, view, t);
        if (missed != NULL) {
            const struct ilv_op *op = &view->tasks[t].op;
            ilv__part(&finding, ILV_ROLE_SIGNALLED, missed->task, op->object, missed->step,
                      missed->site);
            ilv__part(&finding, ILV_ROLE_WAITS, t, op->object, signals->slept_at[t], op->site);
        }
    }
    view->report(view, &finding);
}

const struct ilv_detector ilv__detector_lost_wakeup = {
    .name = "lost-wakeup", .size = size, .begin = begin, .step = step, .end = end};
