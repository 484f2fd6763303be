/* SPDX-License-Identifier: MIT */
/*
 * schedule.h: the schedule file, by which a failure is kept, sent and played back.
 *
 * UTF-8 lines. The first is `interleave-schedule 2`. Then header lines `key value`, each key at
 * most once except those marked *, in any order; then a line `choices`, then one line a record,
 * then a line `end`. Strings are written with \n, \\, \t and \xHH escapes and no quotes; an
 * empty one as `""`. Lines beginning with # and empty lines are skipped. Example:
 *
 *     interleave-schedule 2
 *     program ./bank
 *     arg* 100
 *     finding deadlock cycle
 *     build* 4fe0c8... bank
 *     option* cpus=4
 *     seed 7
 *     run 12
 *     strategy pct
 *     trace 8c1d... 57
 *     choices
 *     T0 run create@1 *3
 *     T0.1 run mutex-lock@2
 *     T0.2 expire cond-wake@7
 *     T0.1 wake cond-wake@4
 *     T0 signal:10 join@9
 *     end
 *
 * The keys: program, arg*, directory, source, stdin, stdin-hash, option*, environment*,
 * environment-hash, build* (id name), finding (verdict kind), text, seed, run, strategy, trace
 * (hash steps), point* and watch* (places, see location.h). Only program or source must be there.
 *
 * Version 1 hashed a trace in another way: files of that version are read, and their hash is not
 * kept.
 *
 * A choice reads: task path, how, the operation the task was about to do @ how many steps it had
 * made, and *count when it was chosen so many times in a row.
 *
 * Reading never trusts the file: every error is one line `FILE:LINE: what; what to do`.
 */
#ifndef ILV_SCHEDULE_H
#define ILV_SCHEDULE_H

#include <stdio.h>

#include "location.h"
#include "trace.h"

#define ILV_SCHEDULE_VERSION 2u         /* written; and read, as are those before */
#define ILV_SCHEDULE_TASKS 1024u        /* at most: ILV_MAX_TASKS of the runtime */
#define ILV_SCHEDULE_CHOICES (1u << 18) /* at most, records: ILV_MAX_CHOICES */
#define ILV_SCHEDULE_PLACES 4096u       /* at most, of each: ILV_MAX_PLACES */

struct ilv_schedule_build {
    char id[41];             /* hex build id, or a content hash when there is none */
    char name[ILV_PATH_MAX]; /* base name of the module */
};

struct ilv_schedule {
    char *program; /* argv[0] as given to hunt */
    char **args;   /* the other arguments, NULL-terminated */
    uint32_t arg_count;
    char *directory;     /* relative to where the command was given; NULL: the same */
    char *source;        /* "scenario/variant" for witnesses, else NULL */
    char *stdin_name;    /* file given by --stdin, NULL for the default */
    char stdin_hash[17]; /* hex, empty for the default */
    char **options;      /* "cpus=4", "clock=idle", "faults=spurious", ...: what replay needs */
    uint32_t option_count;
    char **environment; /* "NAME=value" that was kept; the others are in environment_hash */
    uint32_t environment_count;
    char environment_hash[17];
    struct ilv_schedule_build *builds; /* strict schedules: at least one */
    uint32_t build_count;
    uint16_t verdict;   /* enum ilv_verdict */
    uint16_t kind;      /* enum ilv_kind */
    char *finding_text; /* NULL if none */
    uint64_t seed;
    uint32_t run;
    char strategy[32];
    uint64_t trace_hash; /* 0: not known */
    uint32_t steps;
    struct ilv_location *points; /* accesses to these were points from the start of the run */
    uint32_t point_count;
    struct ilv_location *watches; /* ... were not, and matter to the story */
    uint32_t watch_count;
    uint64_t *task_ids; /* canonical ids; choices index this */
    char **task_paths;  /* the same in words */
    uint32_t task_count;
    struct ilv_choice *choices;
    uint32_t choice_count;
};

/* Empties s and frees what it owns. */
void ilv_schedule_free(struct ilv_schedule *s);

/*
 * Reads a schedule. Returns 0, or -errno (-ENOENT, -EACCES, ...: could not be read; -EINVAL:
 * not a schedule; -EPROTO: of another version) with one line in error, without newline. s needs
 * no ilv_schedule_free() after an error.
 */
int ilv_schedule_read(const char *path, struct ilv_schedule *s, char *error, size_t size);
/* The same from memory; name stands in messages. */
int ilv_schedule_parse(const char *name, const char *text, size_t length, struct ilv_schedule *s,
                       char *error, size_t size);

/* Writes all of it to out. Returns 0 or -errno. */
int ilv_schedule_write(const struct ilv_schedule *s, FILE *out);

/*
 * Writes to a new file: `<directory>/<stem>-<n>.sched` with the smallest n from 1 that is free.
 * Never overwrites; written under a temporary name in the same directory, then linked. The name
 * goes to path. Returns 0 or -errno; nothing is left behind after an error.
 */
int ilv_schedule_save(const struct ilv_schedule *s, const char *directory, const char *stem,
                      char *path, size_t size);

#endif
