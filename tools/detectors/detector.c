/* SPDX-License-Identifier: MIT */
/* The table of detectors. */
#include "detector.h"

#include "internal.h"

static const struct ilv_detector *const table[] = {
#define DETECTOR(identifier, name, gloss) &ilv__detector_##identifier,
#include "detectors.def"
#undef DETECTOR
};

const struct ilv_detector *ilv_detector(unsigned id)
{
    return id < ILV_DETECTOR_COUNT ? table[id] : NULL;
}
