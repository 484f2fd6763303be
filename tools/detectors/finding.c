/* SPDX-License-Identifier: MIT */
/* Findings and their parts. */
#include <string.h>

#include "internal.h"

struct ilv_finding ilv__finding(const struct ilv_view *view, unsigned verdict, unsigned kind,
                                unsigned task)
{
    struct ilv_finding finding;
    memset(&finding, 0, sizeof finding);
    finding.verdict = (uint16_t)verdict;
    finding.kind = (uint16_t)kind;
    finding.task = (uint16_t)task;
    finding.step = view->step;
    return finding;
}

bool ilv__part(struct ilv_finding *finding, unsigned role, unsigned task, uint32_t object,
               uint32_t step, uint32_t site)
{
    if (finding->parts_used == ILV_FINDING_PARTS) {
        return false;
    }
    finding->part[finding->parts_used++] = (struct ilv_part){.task = (uint16_t)task,
                                                             .role = (uint16_t)role,
                                                             .object = object,
                                                             .step = step,
                                                             .site = site};
    return true;
}
