/* SPDX-License-Identifier: MIT */
/*
 * lookup.h: symbols of the loaded objects, found without the dynamic linker. Its own look-up of a
 * name that is not there allocates, and the allocator may be a sanitizer's that is not ready yet.
 *
 * No call here allocates or blocks.
 */
#ifndef ILV_LOOKUP_H
#define ILV_LOOKUP_H

#include "runtime.h"

/* What dlvsym(RTLD_NEXT, name, version) finds, seen from the runtime: the first definition behind
 * it of that version, or without one. NULL if there is none. */
void *ilv__lookup_next(const char *name, const char *version);

/* What the program's own call of this name comes to, the runtime's definitions included: the first
 * definition of all, of any version. NULL if there is none. */
void *ilv__lookup_first(const char *name);

#endif
