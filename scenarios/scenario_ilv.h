/* SPDX-License-Identifier: MIT */
/*
 * scenario_ilv.h: scenario.h for those that stand on our primitives: threads of <ilv/thread.h> that
 * are started, joined and freed in one line, and a rest between two things that main does.
 */
#ifndef SCENARIO_ILV_H
#define SCENARIO_ILV_H

#include <ilv/thread.h>

#include "scenario.h"

static inline struct ilv_thread *scenario_run(ilv_thread_function *body, void *argument)
{
    struct ilv_thread *thread;
    scenario_must(ilv_thread_run(&thread, NULL, body, argument), "ilv_thread_run");
    return thread;
}

/* Waits for its end. */
static inline void scenario_end(struct ilv_thread *thread)
{
    scenario_must(ilv_thread_join(thread), "ilv_thread_join");
    scenario_must(ilv_thread_free(thread), "ilv_thread_free");
}

/*
 * Gives way a few times, where what the others do meanwhile is handed on from one to the next. As
 * scenario_give_way(), it orders nothing.
 */
static inline void scenario_rest(void)
{
    for (int i = 0; i < 6; i++)
        scenario_give_way();
}

#endif
