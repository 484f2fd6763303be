/* SPDX-License-Identifier: MIT */
/*
 * reporter.h: the contract of a reporter, written for its implementer and its caller.
 *
 * A reporter tells one finished run: what happened, in which order, what is wrong with it and how
 * to see it again. It only reads, and it writes to the stream it is given and nowhere else. It
 * needs a run that was made with `record` on; without a trace it tells the findings alone.
 *
 * A report is deterministic: it shows no address, pid or real time, so that the same schedule of
 * the same program is told in the same words.
 *
 * A reporter is a file that defines one `const struct ilv_reporter` and a line in reporters.def.
 *
 * Example:
 *
 *     struct ilv_report report = {.run = &block->run, .replay = "interleave replay ./x-1.sched"};
 *     report.symbols = ilv_symbols_open(report.run->module, report.run->module_count);
 *     ilv_report_options(stdout, &report.options);
 *     int error = ilv_reporter(ILV_REPORTER_text)->write(&report, stdout);
 *     ilv_symbols_close(report.symbols);
 */
#ifndef ILV_REPORTER_H
#define ILV_REPORTER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "control.h"
#include "symbols.h"

enum ilv_reporter_id {
#define REPORTER(identifier, name, gloss) ILV_REPORTER_##identifier,
#include "reporters.def"
#undef REPORTER
    ILV_REPORTER_COUNT
};

/* How it looks. All zero is: 100 columns, no colour, plain ASCII, source lines shown. */
struct ilv_report_options {
    uint32_t width; /* columns; 0 is 100, fewer than 60 are 60 */
    bool colour;    /* terminal colours */
    bool unicode;   /* lines and arrows beyond ASCII */
    bool no_source; /* leave out the text of source lines */
    bool output;    /* all of the program's output that was kept */
    bool whole;     /* every recorded step and every task, not only what matters */
};

/* What is told. */
struct ilv_report {
    const struct ilv_run *run;
    struct ilv_symbols *symbols;       /* of the run's modules; NULL: no names */
    const struct ilv_finding *finding; /* NULL: the run's own table */
    uint32_t finding_count;            /* of `finding` */
    const char *replay;                /* the whole command that replays it; NULL: none */
    struct ilv_report_options options;
};

struct ilv_reporter {
    const char *name;
    const char *gloss;
    /* Writes the report. Returns 0, or -errno of the stream (-ENOMEM without memory). */
    int (*write)(const struct ilv_report *report, FILE *out);
};

/* The reporter with this number, never NULL for a valid one. */
const struct ilv_reporter *ilv_reporter(unsigned id);

/* The number of the reporter with this name, or -1. */
int ilv_reporter_find(const char *name);

/* Fits the options to where the report goes: the width and colours of a terminal (unless NO_COLOR
 * is set or TERM is dumb), 100 columns and no colour for anything else. */
void ilv_report_options(FILE *out, struct ilv_report_options *options);

/*
 * One finding in one line without newline: `deadlock (cycle) between T0.1 and T0.2 on lock_a,
 * lock_b`. Always terminated, cut if too long. finding need not be in the run's table. Returns
 * out.
 */
char *ilv_report_summary(const struct ilv_report *report, const struct ilv_finding *finding,
                         char *out, size_t size);

/*
 * What the run needed of the clock, in one line such as `timing: needs 30 s to pass while T0.2
 * could run`; empty if no deadline passed while others could have gone on. Returns out.
 */
char *ilv_report_timing(const struct ilv_report *report, char *out, size_t size);

#endif
