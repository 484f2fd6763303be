/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ilv_test.h"
#include "script.h"

static void every_detector_has_its_name(void)
{
    static const char *const names[] = {
#define DETECTOR(identifier, name, gloss) name,
#include "detectors.def"
#undef DETECTOR
    };
    for (unsigned i = 0; i < ILV_DETECTOR_COUNT; i++) {
        ILV_CHECK_STR(ilv_detector(i)->name, names[i]);
    }
}

static void states_of_the_largest_runs_are_small(void)
{
    size_t all = 0;
    for (unsigned i = 0; i < ILV_DETECTOR_COUNT; i++) {
        all += ilv_detector(i)->size(1024, 16384);
    }
    ILV_CHECK(all < (size_t)4 << 20);
}

static void fail_report(const struct ilv_view *view, const struct ilv_finding *finding)
{
    (void)view;
    (void)finding;
    abort();
}

/* Steps with operations, tasks and objects beyond the tables: a trace may be broken. */
static void numbers_beyond_the_tables_are_passed_over(void)
{
    static struct ilv_task_info tasks[4];
    static struct ilv_object_info objects[4];
    struct ilv_view view = {tasks, 4, objects, 4, 1, NULL, fail_report, NULL};
    for (unsigned i = 0; i < ILV_DETECTOR_COUNT; i++) {
        const struct ilv_detector *d = ilv_detector(i);
        void *state = calloc(1, d->size(4, 4) + 1);
        d->begin(state, 4, 4);
        for (unsigned kind = 0; d->step != NULL && kind < ILV_EV_COUNT + 2; kind++) {
            struct ilv_step step = {.kind = (uint16_t)kind, .object = 99, .object2 = 1, .task = 2};
            d->step(state, &view, &step);
            step.object = 1;
            step.object2 = UINT32_MAX;
            d->step(state, &view, &step);
            ILV_CHECK_INT(step.object, 1);
        }
        free(state);
    }
}

static void many_readers_make_the_judge_silent_not_wrong(void)
{
    char script[8192] = "";
    size_t used = 0;
    for (unsigned t = 1; t < 9; t++) {
        used += (size_t)snprintf(script + used, sizeof script - used, "T0 create T0.%u;", t);
    }
    for (unsigned lock = 1; lock <= 24; lock++) {
        for (unsigned t = 1; t < 9; t++) {
            used += (size_t)snprintf(script + used, sizeof script - used,
                                     "T0.%u rwlock-rdlock RW%u;", t, lock);
        }
    }
    snprintf(script + used, sizeof script - used,
             "T0.8 rwlock-unlock RW24; T0.7 rwlock-unlock RW24; T0.1 rwlock-unlock RW1;"
             "end main-exits");
    const char *told = script_judge(script);
    ILV_CHECK(strncmp(told, "unjoined (8)", 12) == 0);
}

ILV_SUITE(table, ILV_TEST(every_detector_has_its_name),
          ILV_TEST(states_of_the_largest_runs_are_small),
          ILV_TEST(numbers_beyond_the_tables_are_passed_over),
          ILV_TEST(many_readers_make_the_judge_silent_not_wrong));
