/* SPDX-License-Identifier: MIT */
/*
 * What was left when the program ended by itself: threads that were neither joined nor detached
 * (whether they had ended or not) and that nobody was about to join, and a main that returned
 * while others ran. Not when main called exit, which says that it means all, or pthread_exit,
 * which lets them go on. Notes.
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

/* Somebody is about to join it; whoever ended the program is about to do nothing. */
static bool is_awaited(const struct ilv_view *view, unsigned task, unsigned ender)
{
    for (uint32_t t = 0; t < view->task_count; t++) {
        if (t != ender && view->tasks[t].state == ILV_TASK_LIVE &&
            ilv__joined(view, &view->tasks[t].op) == (int)task) {
            return true;
        }
    }
    return false;
}

static bool is_unjoined(const struct ilv_view *view, unsigned task, unsigned ender)
{
    const struct ilv_task_info *info = &view->tasks[task];
    return info->state != ILV_TASK_FREE && info->joined == 0 && info->detached == 0 &&
           !is_awaited(view, task, ender);
}

static bool is_alive(const struct ilv_view *view, unsigned task, unsigned ender)
{
    (void)ender;
    return view->tasks[task].state == ILV_TASK_LIVE;
}

/* A note that names all tasks but the first of which `which` holds, where they were made. */
static void note(const struct ilv_view *view, unsigned verdict, unsigned ender,
                 bool (*which)(const struct ilv_view *view, unsigned task, unsigned ender))
{
    struct ilv_finding finding = ilv__finding(view, verdict, ILV_KIND_NONE, 0);
    for (uint32_t t = 1; t < view->task_count; t++) {
        const struct ilv_task_info *task = &view->tasks[t];
        if (which(view, t, ender)) {
            finding.value++;
            ilv__part(&finding, ILV_ROLE_DID, t, 0, task->made_at, task->site);
        }
    }
    if (finding.value != 0) {
        finding.task = finding.part[0].task;
        view->report(view, &finding);
    }
}

static void end(void *state, const struct ilv_view *view, const struct ilv_ending *ending)
{
    (void)state;
    if (ending->how != ILV_END_EXIT) {
        return;
    }
    note(view, ILV_VERDICT_UNJOINED, ending->task, is_unjoined);
    if (ending->main_ended && !ending->by_exit) {
        note(view, ILV_VERDICT_MAIN_FIRST, ending->task, is_alive);
    }
}

const struct ilv_detector ilv__detector_leftover = {
    .name = "leftover", .size = size, .begin = begin, .end = end};
