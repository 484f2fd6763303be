/* SPDX-License-Identifier: MIT */
/* What the tests of the stubs share: programs built and recorded, records compared. */
#ifndef RECORD_H
#define RECORD_H

/*
 * Builds inputs/NAME with `interleave cc OPTIONS`, runs it under the recorder and compares the
 * record with inputs/NAME.expected, whose lines are: as they stand; `?line` may be missing;
 * `&line` in any order with its neighbours; `this | that`. The program ends with 3, with
 * the recorder and without.
 */
void record_matches(const char *name, const char *options);

/* The records of the same program under two sets of options are the same. */
void record_same(const char *name, const char *options, const char *others);

#endif
