/* SPDX-License-Identifier: MIT */
/*
 * timing.c: what a run needed of the clock.
 *
 * A deadline that passed while others could have gone on is possible, but it takes real time: the
 * longest of them is told, and who could have run meanwhile.
 */
#include <inttypes.h>
#include <stdio.h>

#include "internal.h"

/* How long the task of this record had waited: since it was found blocked. */
static uint64_t waited(const struct ilv__tale *tale, uint32_t record)
{
    const struct ilv_step *step = ilv__record(tale, record);
    for (uint32_t i = record; i-- > 0;) {
        const struct ilv_step *before = ilv__record(tale, i);
        if (before->task == step->task)
            return step->time > before->time ? step->time - before->time : 0;
    }
    return step->time;
}

static bool was_blocked(const struct ilv__tale *tale, uint32_t record, unsigned task)
{
    for (uint32_t i = record; i-- > 0;)
        if (ilv__record(tale, i)->task == task)
            return (ilv__record(tale, i)->flags & ILV_BLOCKED) != 0;
    return false;
}

/* The task that could have gone on instead of the one of this record: of the others the first to
 * go on that was not blocked; -1 if the trace does not say. */
static int idle_task(const struct ilv__tale *tale, uint32_t record)
{
    unsigned own = ilv__record(tale, record)->task;
    for (uint32_t i = record + 1; i < tale->trace_count; i++) {
        unsigned other = ilv__record(tale, i)->task;
        if (other != own && other < tale->task_count && !was_blocked(tale, record, other))
            return (int)other;
    }
    return -1;
}

static void add_duration(struct ilv__line *line, uint64_t ns)
{
    static const struct {
        uint64_t ns;
        const char *unit;
    } units[] = {{UINT64_C(1000000000), "s"}, {1000000, "ms"}, {1000, "us"}, {1, "ns"}};
    unsigned u = 0;
    while (u < 3 && ns < units[u].ns)
        u++;
    uint64_t tenths = ns / (units[u].ns >= 10 ? units[u].ns / 10 : 1);
    if (units[u].ns == 1)
        tenths *= 10;
    ilv__add(line, "%" PRIu64, tenths / 10);
    if (tenths % 10 != 0)
        ilv__add(line, ".%u", (unsigned)(tenths % 10));
    ilv__add(line, " %s", units[u].unit);
}

char *ilv__timing(const struct ilv__tale *tale, char *out, size_t size)
{
    struct ilv__line line = ilv__line(out, size);
    uint64_t longest = 0;
    uint32_t record = 0;
    for (uint32_t i = 0; i < tale->trace_count; i++) {
        if (!ilv__is_early(ilv__record(tale, i)) || waited(tale, i) <= longest)
            continue;
        longest = waited(tale, i);
        record = i;
    }
    if (longest == 0)
        return out;
    char name[ILV__PHRASE_SIZE];
    int idle = idle_task(tale, record);
    ilv__add(&line, "timing: needs ");
    add_duration(&line, longest);
    ilv__add(&line, " to pass while %s could run",
             idle >= 0 ? ilv__task_name(tale, (unsigned)idle, name, sizeof name) : "others");
    return out;
}
