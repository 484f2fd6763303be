/* SPDX-License-Identifier: MIT */
/*
 * How the program ended: with a failure status, by a signal (abort included), or not within its
 * steps. A run that ended for another finding, or that is stuck, is not told again. Assertions
 * are reported by the runtime, which sees their text.
 */
#include "internal.h"

static size_t size(uint32_t max_tasks, uint32_t max_objects)
{
    (void)max_tasks;
    (void)max_objects;
    return 0;
}

static void begin(void *state, uint32_t max_tasks, uint32_t max_objects)
{
    (void)state;
    (void)max_tasks;
    (void)max_objects;
}

static void tell(struct ilv_finding *finding, const struct ilv_view *view, unsigned task)
{
    const struct ilv_op *op = &view->tasks[task].op;
    ilv__part(finding, ILV_ROLE_DID, task, op->object, 0, op->site);
}

static void tell_all(struct ilv_finding *finding, const struct ilv_view *view)
{
    for (uint32_t t = 0; t < view->task_count; t++) {
        if (view->tasks[t].state == ILV_TASK_LIVE) {
            tell(finding, view, t);
        }
    }
}

static unsigned verdict_of(const struct ilv_ending *ending)
{
    if (ending->how == ILV_END_EXIT && ending->value != 0) {
        return ILV_VERDICT_EXIT_STATUS;
    }
    if (ending->how == ILV_END_SIGNAL) {
        return ILV_VERDICT_CRASH;
    }
    return ending->how == ILV_END_STEPS ? ILV_VERDICT_LIVELOCK : ILV_VERDICT_NONE;
}

static void end(void *state, const struct ilv_view *view, const struct ilv_ending *ending)
{
    (void)state;
    unsigned verdict = verdict_of(ending);
    if (verdict == ILV_VERDICT_NONE) {
        return;
    }
    struct ilv_finding finding = ilv__finding(view, verdict, ILV_KIND_NONE, ending->task);
    finding.value = verdict == ILV_VERDICT_LIVELOCK ? 0 : ending->value;
    if (verdict == ILV_VERDICT_LIVELOCK) {
        tell_all(&finding, view);
    } else if (ending->task < view->task_count) {
        tell(&finding, view, ending->task);
    }
    view->report(view, &finding);
}

const struct ilv_detector ilv__detector_ending = {
    .name = "ending", .size = size, .begin = begin, .end = end};
