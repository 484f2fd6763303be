/* SPDX-License-Identifier: MIT */
/*
 * world.h: the world of a run: the program, and everything that is the same in all its runs.
 *
 * A world is made by ilv_world_init(), then options are set one by one, each as one word
 * `name=value` (or `name` alone). The same words stand on the command line of hunt (`--cpus 2`
 * is `cpus=2`) and in schedule files, so that a replay lives in the world of its hunt:
 *
 *     struct ilv_world world;
 *     ilv_world_init(&world, argv);
 *     if (ilv_world_set(&world, "cpus=2", error, sizeof error))
 *         fail(error);
 *
 * Strings are borrowed: argv and option words must outlive the world.
 */
#ifndef ILV_WORLD_H
#define ILV_WORLD_H

#include "control.h"

#define ILV_POINTS_WORD_ALL "all"

struct ilv_world {
    char *const *argv;        /* of the program, NULL-terminated */
    const char *stdin_file;   /* NULL: standard input is empty */
    const char *start_symbol; /* NULL: the entry of main */
    const char *check;        /* NULL, or the command that judges each run */
    const char *expect;       /* NULL, or the file that holds the output to expect */
    uint16_t backend;         /* enum ilv_backend */
    uint16_t trap;            /* enum ilv_trap */
    uint16_t clock;           /* enum ilv_clock_mode */
    uint16_t faults;          /* ILV_FAULT_* */
    uint16_t cpus;            /* that the program sees */
    bool fresh_dir;           /* each run works in its own copy of the directory */
    const char *points;       /* NULL: contended words; "all", or a list of patterns (points.c) */
    bool allow_races;         /* data races are no findings, and runs go on */
    uint16_t reports;         /* enum ilv_reports: of a sanitizer in the program */
    bool same_output;         /* output must be that of run 0 */
    uint32_t max_steps;       /* a run with more is a livelock */
    uint32_t spin_seconds;    /* of CPU without a point: the run is given up */
    uint32_t detectors;       /* bit i: detector i runs */
};

/* One option, for --help and for reading. */
struct ilv_world_option {
    const char *name;
    const char *argument; /* what stands for the value in --help, NULL: takes none */
    const char *gloss;
};

/* All options, ended by an entry without name. Never fails. */
const struct ilv_world_option *ilv_world_options(void);

/* The defaults: empty input, 4 CPUs, clock free, all detectors. Never fails. */
void ilv_world_init(struct ilv_world *world, char *const *argv);

/* Sets one option. Returns 0, or -EINVAL with one line in error that says what was wrong and
 * what there is. */
int ilv_world_set(struct ilv_world *world, const char *option, char *error, size_t size);

/* Calls visit with the word of every option that is not at its default, in the order of
 * ilv_world_options(), stdin excepted (schedules have a line of their own for it). */
void ilv_world_each(const struct ilv_world *world, void (*visit)(const char *word, void *context),
                    void *context);

#endif
