/* SPDX-License-Identifier: MIT */
/*
 * depends.h: the one place that says whether two operations commute.
 *
 * Two operations of different tasks are *dependent* when carrying them out in the other order
 * may give another state, another result, or make the other one (im)possible. Everything that
 * reasons about equal runs uses this: the strategy POS, fingerprints, shrinking, partial order
 * reduction. Saying "dependent" too often costs time; saying "independent" wrongly hides bugs:
 * a test carries out all pairs in both orders.
 */
#ifndef ILV_DEPENDS_H
#define ILV_DEPENDS_H

#include <stdbool.h>

#include "trace.h"

/* Whether a and b, of two different tasks, are dependent. Never blocks, never allocates. */
bool ilv_depends(const struct ilv_op *a, const struct ilv_op *b);

/*
 * The fingerprint of a behaviour: equal for traces that have the same order of dependent steps,
 * whatever the order of the others. Each step's hash covers its task, operation, object and
 * result and the hashes of the last steps it depends on; the fingerprint is their sum, so that
 * the order of independent steps does not count.
 *
 * Feed every step in order (records with ILV_NO_STEP leave the fingerprint as it is). The memory is
 * the caller's: size it with ilv_fingerprint_size(). Never blocks, never allocates.
 */
struct ilv_fingerprint;
size_t ilv_fingerprint_size(unsigned max_tasks, unsigned max_objects);
struct ilv_fingerprint *ilv_fingerprint_begin(void *memory, unsigned max_tasks,
                                              unsigned max_objects);
/* task_id and object ids are the canonical ones of the tables; 0 for no object. Returns the
 * step's hash, from which a hash of the trace, in order, can be made. */
uint64_t ilv_fingerprint_step(struct ilv_fingerprint *f, const struct ilv_step *step,
                              uint64_t task_id, uint64_t object_id, uint64_t object2_id);
uint64_t ilv_fingerprint_value(const struct ilv_fingerprint *f);

#endif
