/* SPDX-License-Identifier: MIT */
/*
 * dump.h: a trace as text, to be read and compared. Explorer's side only.
 *
 * One line a step: its number, the task, the operation, its objects, the result if it is not 0,
 * and flags. Records that only say that a task has to wait have `-` for a number. Example:
 *
 *     1  T0    create         T0.1
 *     2  T0.1  mutex-lock     M1
 *     -  T0    mutex-lock     M1  blocked
 *     3  T0.1  cond-wake      C1 M1  =ETIMEDOUT  expired,choice
 *
 * Nothing in it depends on addresses, process ids or time: same program, same schedule, same
 * text.
 */
#ifndef ILV_DUMP_H
#define ILV_DUMP_H

#include <stdio.h>

#include "trace.h"

/* The tables and steps of a run. Indices in steps may be anything: what is out of the tables is
 * shown as `?`. */
struct ilv_trace_tables {
    const struct ilv_task_info *tasks;
    const struct ilv_object_info *objects;
    const struct ilv_step *steps;
    uint32_t task_count;
    uint32_t object_count; /* entry 0 included */
    uint32_t step_count;
};

/* Writes all lines. Returns 0 or -errno. */
int ilv_trace_dump(FILE *out, const struct ilv_trace_tables *tables);

/* The words of the flags, separated by commas, into out (always terminated, cut if too long);
 * "" for none. Returns out. */
char *ilv_flags_words(unsigned flags, char *out, size_t size);

/* The name of an error number, such as ETIMEDOUT, or NULL if it is not one that the modelled
 * calls return. */
const char *ilv_error_name(int error);

#endif
