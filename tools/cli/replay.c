/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

struct request {
    const char *file;
    struct ilv_world choice; /* backend and trap only */
    bool quiet;
    bool gdb;
};

enum { KEY_BACKEND = 1000, KEY_TRAP, KEY_GDB };

static const struct argp_option options[] = {
    {"gdb", KEY_GDB, NULL, 0, "under gdb: stops at the failing step, every task is a thread", 0},
    {"quiet", 'q', NULL, 0, "the last line only", 0},
    {"backend", KEY_BACKEND, "NAME", 0, "how threads run: auto, fiber, baton", 0},
    {"trap", KEY_TRAP, "NAME", 0, "how system calls are caught: auto, dispatch, seccomp, off", 0},
    {0}};

static const char doc[] = "Plays the schedule in FILE back, in the current directory.\v"
                          "Exit status: 1 it failed again as recorded, 3 it did not; with --gdb "
                          "0.";

static void set(struct ilv_world *world, const char *option, const char *value)
{
    char word[128], error[256];
    snprintf(word, sizeof word, "%s=%s", option, value);
    if (ilv_world_set(world, word, error, sizeof error))
        exit(ilv__complain(error));
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct request *r = state->input;
    switch (key) {
    case 'q':
        r->quiet = true;
        return 0;
    case KEY_GDB:
        r->gdb = true;
        return 0;
    case KEY_BACKEND:
        set(&r->choice, "backend", value);
        return 0;
    case KEY_TRAP:
        set(&r->choice, "trap", value);
        return 0;
    case ARGP_KEY_ARG:
        if (r->file)
            exit(ilv__complain("replay: more than one schedule given; write interleave replay "
                               "FILE.sched"));
        r->file = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        exit(ilv__complain("replay: no schedule given; write interleave replay FILE.sched"));
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int tell(const struct request *r, const struct ilv_schedule *schedule,
                const struct ilv_replay_result *result)
{
    char words[128], command[4200];
    if (!r->quiet)
        ilv__story_text(result->run, result->finding.verdict ? &result->finding : NULL,
                        ilv__replay_command("", r->file, command, sizeof command));
    if (result->end == ILV_REPLAY_SAME) {
        ilv__finding_words(result->finding.verdict, result->finding.kind, words, sizeof words);
        printf("FAILED AGAIN as recorded: %s after %u steps\n", words, result->summary.steps);
        return ILV_EXIT_FOUND;
    }
    ilv__finding_words(schedule->verdict, schedule->kind, words, sizeof words);
    printf("%s: %s, recorded %s: %s\n",
           result->end == ILV_REPLAY_DIVERGED ? "DIVERGED" : "DIFFERENT", r->file, words,
           result->why);
    return ILV_EXIT_LIMIT;
}

static int replay(const struct request *r, const struct ilv_schedule *schedule,
                  const struct ilv_setup *setup)
{
    struct ilv_replay_result result;
    char error[1024];
    int failed = ilv_replay(schedule, r->file, setup, r->choice.backend, r->choice.trap, &result,
                            error, sizeof error);
    if (failed) {
        ilv__complain(error);
        return failed == -EINTR ? ILV_EXIT_INTERRUPTED : ILV_EXIT_USAGE;
    }
    int status = tell(r, schedule, &result);
    ilv_replay_free(&result);
    return status;
}

static int debug(const struct request *r, const struct ilv_schedule *schedule,
                 const struct ilv_setup *setup)
{
    char error[1024];
    if (ilv_debug(schedule, r->file, setup, error, sizeof error))
        return ilv__complain(error);
    return ILV_EXIT_CLEAN;
}

int ilv__command_replay(int argc, char **argv)
{
    static const struct argp argp = {options, parse, "FILE.sched", doc, NULL, NULL, NULL};
    struct request r = {0};
    struct ilv_schedule schedule;
    struct ilv_setup setup = {.interrupted = &ilv__interrupted};
    char error[1024];
    ilv__world_from_environment(&r.choice);
    argp_parse(&argp, argc, argv, 0, NULL, &r);
    if (ilv_schedule_read(r.file, &schedule, error, sizeof error))
        return ilv__complain(error);
    ilv__catch_interrupts();
    int status = r.gdb ? debug(&r, &schedule, &setup) : replay(&r, &schedule, &setup);
    ilv_schedule_free(&schedule);
    return status;
}
