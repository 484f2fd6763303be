/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

struct request {
    const char *file;
    const char *json; /* NULL: text */
    bool brief;
    struct ilv_world choice; /* backend and trap only */
};

enum { KEY_JSON = 1000, KEY_BRIEF, KEY_BACKEND };

static const struct argp_option options[] = {
    {"json", KEY_JSON, "FILE", 0, "write the timeline as JSON to FILE, - is standard output", 0},
    {"brief", KEY_BRIEF, NULL, 0, "only the steps that matter", 0},
    {"backend", KEY_BACKEND, "NAME", 0, "how threads run: auto, fiber, baton", 0},
    {0}};

static const char doc[] = "Plays the schedule in FILE back and shows every step of it.\v"
                          "Exit status: 0 shown, 3 the program did not follow the schedule.";

static void backend_set(struct ilv_world *world, const char *value)
{
    char word[128], error[256];
    snprintf(word, sizeof word, "backend=%s", value);
    if (ilv_world_set(world, word, error, sizeof error))
        exit(ilv__complain(error));
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct request *r = state->input;
    switch (key) {
    case KEY_JSON:
        r->json = value;
        return 0;
    case KEY_BRIEF:
        r->brief = true;
        return 0;
    case KEY_BACKEND:
        backend_set(&r->choice, value);
        return 0;
    case ARGP_KEY_ARG:
        if (r->file)
            exit(ilv__complain("show: more than one schedule given; write interleave show "
                               "FILE.sched"));
        r->file = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        exit(ilv__complain("show: no schedule given; write interleave show FILE.sched"));
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Writes the timeline. Returns 0, or -errno with the line told. */
static int write_out(const struct request *r, const struct ilv_replay_result *result)
{
    char command[4200], line[4400];
    struct ilv_report report;
    bool to_file = r->json && strcmp(r->json, "-");
    FILE *out = to_file ? fopen(r->json, "we") : stdout;
    int failed = out ? 0 : -errno;
    if (out) {
        ilv__story_begin(&report, result->run, out);
        report.finding = result->finding.verdict ? &result->finding : NULL;
        report.finding_count = result->finding.verdict ? 1 : 0;
        report.options.whole = !r->brief;
        report.replay = ilv__replay_command("", r->file, command, sizeof command);
        failed = ilv__story_end(&report, r->json ? ILV_REPORTER_json : ILV_REPORTER_text, out);
    }
    if (to_file && out && fclose(out) && !failed)
        failed = -errno;
    if (failed) {
        snprintf(line, sizeof line, "show: %s cannot be written: %s", to_file ? r->json : "output",
                 strerror(-failed));
        ilv__complain(line);
    }
    return failed;
}

static int show(const struct request *r, const struct ilv_replay_result *result)
{
    if (write_out(r, result))
        return ILV_EXIT_USAGE;
    if (result->end == ILV_REPLAY_SAME)
        return ILV_EXIT_CLEAN;
    fflush(stdout);
    fprintf(stderr, "%s: %s: %s\n", result->end == ILV_REPLAY_DIVERGED ? "DIVERGED" : "DIFFERENT",
            r->file, result->why);
    return ILV_EXIT_LIMIT;
}

int ilv__command_show(int argc, char **argv)
{
    static const struct argp argp = {options, parse, "FILE.sched", doc, NULL, NULL, NULL};
    struct request r = {0};
    struct ilv_schedule schedule;
    struct ilv_replay_result result;
    struct ilv_setup setup = {.interrupted = &ilv__interrupted};
    char error[1024];
    ilv__world_from_environment(&r.choice);
    argp_parse(&argp, argc, argv, 0, NULL, &r);
    if (ilv_schedule_read(r.file, &schedule, error, sizeof error))
        return ilv__complain(error);
    ilv__catch_interrupts();
    int failed = ilv_replay(&schedule, r.file, &setup, r.choice.backend, r.choice.trap, &result,
                            error, sizeof error);
    int status = failed == -EINTR ? ILV_EXIT_INTERRUPTED : ILV_EXIT_USAGE;
    if (failed) {
        ilv__complain(error);
    } else {
        status = show(&r, &result);
        ilv_replay_free(&result);
    }
    ilv_schedule_free(&schedule);
    return status;
}
