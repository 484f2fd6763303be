/* SPDX-License-Identifier: MIT */
/*
 * script.h: runs told as text, for testing detectors without any thread.
 *
 * Statements are separated by `;`. Each is a task, an operation (a word of events.def, or a
 * short one: lock trylock unlock wait wake signal broadcast) and its objects:
 *
 *     T0 create T0.1             makes the task; it must exist before it is named as a subject
 *     T0 lock M1                 a step; objects are made when they are first named
 *     T0.1 lock M1 ?             published and blocked: no step
 *     T0.1 lock M1 ~             published, could go on: no step
 *     T0.1 sleep C1 M1           the step cond-wait, then cond-wake published and blocked
 *     T0 unlock M1 =EPERM        the step's result
 *     T0 signal C1 #1            the step's value (how many were woken)
 *     T0 lock M1 ? timed         with a deadline
 *     T0 mutex-init M2 @M1       M2 lies where M1 lay, and memory still said so
 *     T0.1 woken                 the published operation gets the value 1
 *     T0.1 gave-up               its deadline has passed: it only needs the mutex
 *     T0.1 interruptible         a signal may still reach it
 *     end stuck | exit N | signal N | steps | main-returns | main-exits
 *     end exit 0 T0.1            by that task; else by T0
 *
 * Names of objects are a letter of classes.def and a number, and when first named, flags: r
 * recursive, e errorcheck, b robust, g a variable of the program. A join marks the task as
 * joined, detach as detached, exit as ended.
 *
 * All detectors look at the run, as in the core: an error ends it. What they found is told as
 *
 *     deadlock cycle: T0 holds M1@2, T0 waits M2, T0.1 holds M2@3, T0.1 waits M1
 *
 * with @ and the number of the step where there is one, (N) behind the kind where the finding has
 * a value, and ` | ` between findings. A run without findings is "".
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "detector.h"

/* What all detectors say. The text is overwritten by the next call. */
const char *script_judge(const char *text);

/* The findings themselves, of the last script_judge(). */
const struct ilv_finding *script_findings(unsigned *count);

/* Compares what all say with what is expected. */
#define CHECK_JUDGED(script, expected) ILV_CHECK_STR(script_judge(script), expected)

#endif
