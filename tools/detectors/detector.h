/* SPDX-License-Identifier: MIT */
/*
 * detector.h: the contract of a detector, written for its implementer.
 *
 * A detector is told of every step of a run, in order, and says what is wrong. It runs inside
 * the program under test (or on a recorded trace) in fixed memory: it may call nothing but
 * base/ and trace/, never allocates, never blocks, reads no clock. It is a file that defines one
 * `const struct ilv_detector` and a line in detectors.def, and is tested on hand-written traces.
 *
 * A correct program is never accused: what a detector cannot know it does not say.
 */
#ifndef ILV_DETECTOR_H
#define ILV_DETECTOR_H

#include <stdbool.h>

#include "trace.h"

enum ilv_detector_id {
#define DETECTOR(identifier, name, gloss) ILV_DETECTOR_##identifier,
#include "detectors.def"
#undef DETECTOR
    ILV_DETECTOR_COUNT
};

/* How a run ended. */
enum ilv_end {
    ILV_END_EXIT,    /* exit, _exit or return from main; value is the status */
    ILV_END_SIGNAL,  /* killed by signal `value` (abort included) */
    ILV_END_STUCK,   /* no task can go on, no deadline will pass, no signal is pending */
    ILV_END_FINDING, /* a detector's error ended it */
    ILV_END_STEPS,   /* more steps than the plan allows */
    ILV_END_LIMIT    /* something that is not modelled, or divergence */
};

/*
 * What detectors may look at. The tables are the run's own; steps are numbered from 1 and
 * `step` is the number of the last one. `report` hands in a finding (copied; ignored when the
 * table is full); a finding of class ERROR ends the run.
 */
struct ilv_view {
    const struct ilv_task_info *tasks;
    uint32_t task_count;
    const struct ilv_object_info *objects;
    uint32_t object_count; /* entries in use, entry 0 included */
    uint32_t step;
    /* Whether a signal with a handler (or a deadly one) may still reach the task, so that its
     * wait could end or its handler could act. */
    bool (*may_be_interrupted)(const struct ilv_view *view, unsigned task);
    void (*report)(const struct ilv_view *view, const struct ilv_finding *finding);
    void *context; /* of the caller, for report and may_be_interrupted */
};

struct ilv_ending {
    enum ilv_end how;
    int32_t value;
    uint16_t task;   /* that was running */
    bool main_ended; /* main had returned or called exit, the others had not all ended */
    bool by_exit;    /* ... by a call of exit, not by return */
};

struct ilv_detector {
    const char *name;
    /* Bytes of state for so many tasks and objects. Handed in zeroed; touch little of it. */
    size_t (*size)(uint32_t max_tasks, uint32_t max_objects);
    void (*begin)(void *state, uint32_t max_tasks, uint32_t max_objects);
    /* A step was carried out. NULL if not needed. */
    void (*step)(void *state, const struct ilv_view *view, const struct ilv_step *step);
    /* Task `task` published tasks[task].op and cannot go on for now. NULL if not needed. */
    void (*block)(void *state, const struct ilv_view *view, unsigned task);
    /* The run ended. For ILV_END_STUCK every live task's op is what it waits for. NULL if not
     * needed. Called once; not after an ILV_END_LIMIT. */
    void (*end)(void *state, const struct ilv_view *view, const struct ilv_ending *ending);
};

/* The detector with this number, never NULL for a valid one. */
const struct ilv_detector *ilv_detector(unsigned id);

#endif
