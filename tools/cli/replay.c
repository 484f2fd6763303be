/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "command.h"

struct request {
    struct ilv__playback playback;
    uint32_t times; /* 0: not given */
    bool quiet;
    bool gdb;
    bool output;
};

enum { KEY_GDB = 1000, KEY_TIMES, KEY_OUTPUT };

static const struct argp_option options[] = {
    {"gdb", KEY_GDB, NULL, 0, "under gdb: stops at the failing step, every task is a thread", 0},
    {"times", KEY_TIMES, "N", 0, "N replays, and each is to be like the first in every step", 0},
    {"output", KEY_OUTPUT, NULL, 0, "tell what the program wrote: 64 KiB of both ends", 0},
    {"quiet", 'q', NULL, 0, "the last line only", 0},
    {0}};

static const char doc[] = "Plays the schedule in FILE back, in the current directory.\v"
                          "Exit status: 1 it failed again as recorded, 3 it did not; with --gdb "
                          "0.";

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct request *r = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &r->playback;
        return 0;
    case 'q':
        r->quiet = true;
        return 0;
    case KEY_GDB:
        r->gdb = true;
        return 0;
    case KEY_OUTPUT:
        r->output = true;
        return 0;
    case KEY_TIMES:
        r->times = (uint32_t)ilv__number("--times", value, 1, UINT32_MAX);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int tell(const struct request *r, const struct ilv_replay_result *result)
{
    char words[128], command[4200];
    const struct ilv_schedule *schedule = &r->playback.schedule;
    const char *file = r->playback.file;
    if (!r->quiet)
        ilv__story_text(result->run, result->finding.verdict ? &result->finding : NULL,
                        ilv__replay_command("", file, command, sizeof command), r->output);
    if (result->end == ILV_REPLAY_SAME) {
        ilv__finding_words(result->finding.verdict, result->finding.kind, words, sizeof words);
        printf("FAILED AGAIN as recorded: %s after %u steps", words, result->summary.steps);
        if (r->times)
            printf(", the same in %u replay%s", result->replays, result->replays == 1 ? "" : "s");
        printf("\n");
        return ILV_EXIT_FOUND;
    }
    ilv__finding_words(schedule->verdict, schedule->kind, words, sizeof words);
    printf("%s: %s, recorded %s: %s\n", ilv__playback_word(result->end), file, words, result->why);
    return ILV_EXIT_LIMIT;
}

static int replay(const struct request *r)
{
    struct ilv_replay_result result;
    int status = ilv__playback_run(&r->playback, r->times ? r->times : 1, &result);
    if (status)
        return status;
    status = tell(r, &result);
    ilv_replay_free(&result);
    return status;
}

static int debug(const struct request *r)
{
    char error[1024];
    const struct ilv__playback *p = &r->playback;
    if (r->times)
        return ilv__complain("replay: --gdb and --times do not go together; give one of them");
    if (ilv_debug(&p->schedule, p->file, &p->setup, error, sizeof error))
        return ilv__complain(error);
    return ILV_EXIT_CLEAN;
}

int ilv__command_replay(int argc, char **argv)
{
    struct argp_child children[2] = {{0}};
    const struct argp argp = {options, parse, "FILE.sched", doc, children, NULL, NULL};
    struct request r = {.playback = {.command = "replay"}};
    ilv__playback_argp(&children[0]);
    int status = ilv__playback_open(&r.playback, &argp, argc, argv, &r);
    if (status)
        return status;
    status = r.gdb ? debug(&r) : replay(&r);
    ilv_schedule_free(&r.playback.schedule);
    return status;
}
