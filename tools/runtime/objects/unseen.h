/* SPDX-License-Identifier: MIT */
/*
 * unseen.h: code that was not built by `interleave cc` and could order accesses that seem to race.
 */
#ifndef ILV_UNSEEN_H
#define ILV_UNSEEN_H

#include "runtime.h"

/* The module in which this address lies is instrumented. */
void ilv__seen(const void *text);

/*
 * The base name of a loaded module whose code could synchronise tasks behind our back, or NULL if
 * there is none. Locks, conditions and the like are seen whoever calls them; what is not seen is a
 * module's own atomic operations. So a module counts if it is not instrumented, is none of the C
 * and C++ runtimes (whose synchronisation is modelled), and has an instruction with a lock prefix.
 * Reads the code of such modules: milliseconds, when first asked.
 */
const char *ilv__unseen_code(void);

#endif
