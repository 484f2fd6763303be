/* SPDX-License-Identifier: MIT */
/*
 * location.h: a word of memory, named so that it is the same word in every run.
 *
 * Addresses differ between runs. What is learnt of memory in one run (that tasks contend for
 * it) is said of locations:
 *
 *   global   a word in a module's data: module and offset
 *   heap     a word of the blocks that were allocated at one stack: up to four return addresses,
 *            innermost first, and the offset in the block; all blocks from there are meant
 *   stack    a word of a task's stack or thread-local data: the task, and how far below the top
 *
 * Only instrumented code (`interleave cc`) has locations.
 */
#ifndef ILV_LOCATION_H
#define ILV_LOCATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ILV_LOCATION_DEPTH 4
#define ILV_LOCATION_WORD 8u  /* bytes */
#define ILV_LOCATION_TEXT 128 /* bytes that any location's text needs at most */

enum ilv_location_kind {
    ILV_LOCATION_NONE,
    ILV_LOCATION_GLOBAL,
    ILV_LOCATION_HEAP,
    ILV_LOCATION_STACK
};

struct ilv_location {
    uint32_t kind; /* enum ilv_location_kind */
    uint32_t unused;
    /* HEAP: return addresses, each an ilv_frame(), 0 ends the list. GLOBAL: frame[0] is the
     * module's ilv_frame() of offset 0. STACK: frame[0] is the task's id. */
    uint64_t frame[ILV_LOCATION_DEPTH];
    uint64_t offset; /* of the word: in the module, in the block, below the top of the stack */
};
_Static_assert(sizeof(struct ilv_location) == 48, "ilv_location is part of the control interface");

/* Equal locations have equal hashes. */
uint64_t ilv_location_hash(const struct ilv_location *location);
bool ilv_location_equal(const struct ilv_location *a, const struct ilv_location *b);

/* As schedules spell it: `global 1+4010`, `heap 8 1+11a9 1+1234`, `stack 6a09e667f3bcc908 58`;
 * numbers hexadecimal but for the module's. Returns out. */
char *ilv_location_text(const struct ilv_location *location, char *out, size_t size);
/* Reads such a text. Returns 0 or -EINVAL. */
int ilv_location_parse(const char *text, struct ilv_location *location);

#endif
