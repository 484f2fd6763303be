/* SPDX-License-Identifier: MIT */
/*
 * command.h: the command line's own: what its commands share.
 *
 * A command is one file with its options and its help, and a line in commands.def. It gets the
 * arguments behind its name (argv[0] is "interleave NAME") and returns the exit status. Results
 * go to standard output, errors and progress to standard error. An error is one line that says
 * what was wrong, where, and what to do.
 */
#ifndef ILV_COMMAND_H
#define ILV_COMMAND_H

#include <argp.h>
#include <signal.h>
#include <stdbool.h>

#include "explorer.h"
#include "reporter.h"

/* Exit statuses of all commands. */
enum {
    ILV_EXIT_CLEAN = 0,
    ILV_EXIT_FOUND = 1,
    ILV_EXIT_USAGE = 2,
    ILV_EXIT_LIMIT = 3,
    ILV_EXIT_INTERRUPTED = 130
};

#define COMMAND(name, arguments, gloss) int ilv__command_##name(int argc, char **argv);
#include "commands.def"
#undef COMMAND

/* --- options.c */

/* Writes `interleave: LINE` to standard error and returns ILV_EXIT_USAGE. */
int ilv__complain(const char *line);

/* Reads a whole number from least to most. Ends the program with one line (status 2) if text is
 * not one; option stands in the line. */
uint64_t ilv__number(const char *option, const char *text, uint64_t least, uint64_t most);

/* The options of the world (world.h) for argp: the child's input is a struct ilv_world. */
struct argp_child;
void ilv__world_argp(struct argp_child *child);

/* The environment variables ILV_BACKEND and ILV_TRAP are defaults for the options of that name.
 * Ends the program with one line (status 2) if they are wrong. */
void ilv__world_from_environment(struct ilv_world *world);

/* Becomes non-zero at SIGINT or SIGTERM, after ilv__catch_interrupts(). */
extern volatile sig_atomic_t ilv__interrupted;
void ilv__catch_interrupts(void);

/* --- playback.c: what the commands that play a schedule back share. */

struct ilv__playback {
    const char *command; /* its name */
    const char *file;
    struct ilv_world choice; /* backend and trap only */
    struct ilv_schedule schedule;
    struct ilv_setup setup;
};

/* The options --backend and --trap and the argument FILE for argp: the child's input is a struct
 * ilv__playback. */
void ilv__playback_argp(struct argp_child *child);

/* Parses the command line, argp's input being request, and reads the schedule. Returns 0, or the
 * exit status with the line told; only after 0 there is a schedule to free. */
int ilv__playback_open(struct ilv__playback *playback, const struct argp *argp, int argc,
                       char **argv, void *request);

/* Plays it back so many times (see ilv_replay_times()). Returns 0 with a result to free, or the
 * exit status with the line told. */
int ilv__playback_run(const struct ilv__playback *playback, uint32_t times,
                      struct ilv_replay_result *result);

/* How a replay that is not SAME is called in the last line. */
const char *ilv__playback_word(enum ilv_replay_end end);

/* --- hunt.c */

/* What the command hunt does; the name of the schedule that it wrote goes to saved ("": none),
 * unless that is NULL. */
int ilv__hunt(int argc, char **argv, char *saved, size_t size);

/* --- story.c */

/* Writes the story of a run to standard output; finding NULL: the run's own; output: with all that
 * the program wrote, as far as it was kept. */
void ilv__story_text(const struct ilv_run *run, const struct ilv_finding *finding,
                     const char *replay, bool output);

/* The same in two steps, for those who choose what is told: fills in run, symbols and options;
 * writes by that reporter and closes the symbols. Returns 0 or -errno of out. */
void ilv__story_begin(struct ilv_report *report, const struct ilv_run *run, FILE *out);
int ilv__story_end(struct ilv_report *report, int reporter, FILE *out);

/* A verdict and its kind: `deadlock (cycle)`. Returns out. */
const char *ilv__finding_words(unsigned verdict, unsigned kind, char *out, size_t size);

/* The command that replays a schedule, quoted for a shell; option is "" or ends in a blank.
 * Returns out. */
const char *ilv__replay_command(const char *option, const char *path, char *out, size_t size);

#endif
