/* SPDX-License-Identifier: MIT */
/*
 * race_script.h: runs with accesses told as text, for testing the race detector without threads.
 *
 * Statements are separated by `;`. Each is a task (T0, T1, ...; its index), what it does, and:
 *
 *     T0 w x             writes the 8 bytes of place x (a letter; places are 256 bytes apart)
 *     T0 r x+4:2         reads 2 bytes, 4 into it
 *     T0 free x:100      gives 100 bytes back
 *     T0 load x acq      atomic operations: load store rmw (and failed: a compare-exchange that
 *     T0 fence rel       only read), of 4 bytes, and fences: rlx con acq rel ar sc
 *     T0 noted x         annotations: noted (release), seen (acquire), renoted (replace)
 *     T0 fresh x:64      it is fresh memory
 *     T0 as T5           its steps are made as T5
 *     T0 create T1       steps: words of events.def (or lock, unlock, trylock, wake, wait) with a
 *     T0 lock M1         task or objects: letters and a number. The object of an event of classes
 *     T0 wake C1 M1      `once` lies at the place with its name in small letters
 *     T0 lock M1 =EBUSY  the step's result
 *     T0 unlock M1 #1    the step's value
 *     T0 sem-wait S1 ^   the step is interrupted by a signal
 *
 * Each statement is a step of its own. What was found is told as
 *
 *     T0 w x+4:2@3, T1 r x+4:2@7 | ...
 *
 * the earlier access first, @ the statement's number, the size left out when it is 8. Accesses
 * that were superfluous by ilv_race_same() are not made.
 */
#ifndef RACE_SCRIPT_H
#define RACE_SCRIPT_H

#include "race.h"

/* What is found. The text is overwritten by the next call. */
const char *race_script(const char *text);

/* The engine after the last race_script(). */
struct ilv_race *race_script_engine(void);
uint64_t race_script_place(char letter);

#define CHECK_RACES(script, expected) ILV_CHECK_STR(race_script(script), expected)

#endif
