/* SPDX-License-Identifier: MIT */
/* The race detector as a row of detectors.def, and its findings. */
#include "internal.h"
#include "race_parts.h"

struct state {
    struct ilv_race *race;
};

static size_t size(uint32_t max_tasks, uint32_t max_objects)
{
    (void)max_tasks;
    (void)max_objects;
    return sizeof(struct state);
}

static void begin(void *state, uint32_t max_tasks, uint32_t max_objects)
{
    (void)max_tasks;
    (void)max_objects;
    ilv_race_attach(state, NULL);
}

static void step(void *state, const struct ilv_view *view, const struct ilv_step *step)
{
    const struct state *s = state;
    if (s->race != NULL) {
        ilv_race_step(s->race, view, step);
    }
}

const struct ilv_detector ilv__detector_race = {
    .name = "race", .size = size, .begin = begin, .step = step};

void ilv_race_attach(void *state, struct ilv_race *race)
{
    *(struct state *)state = (struct state){race};
}

/* ---- findings ----------------------------------------------------------------------------- */

static void add(struct ilv_finding *finding, const struct ilv_race_access *access, uint32_t object)
{
    unsigned role = ILV_ROLE_READ;
    if ((access->what & ILV_RACE_FREE) != 0) {
        role = ILV_ROLE_FREED;
    } else if ((access->what & ILV_RACE_WRITE) != 0) {
        role = ILV_ROLE_WROTE;
    }
    ilv__part(finding, role, access->task, object, access->step, access->site);
}

struct ilv_finding ilv_race_finding(const struct ilv_view *view, const struct ilv_race_pair *pair,
                                    uint32_t object)
{
    struct ilv_finding finding =
        ilv__finding(view, ILV_VERDICT_DATA_RACE, ILV_KIND_NONE, pair->later.task);
    add(&finding, &pair->earlier, object);
    add(&finding, &pair->later, object);
    return finding;
}
