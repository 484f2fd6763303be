/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

struct request {
    struct ilv__playback playback;
    const char *json; /* NULL: text */
    bool brief;
    bool output;
};

enum { KEY_JSON = 1000, KEY_BRIEF, KEY_OUTPUT };

static const struct argp_option options[] = {
    {"json", KEY_JSON, "FILE", 0, "write the timeline as JSON to FILE, - is standard output", 0},
    {"brief", KEY_BRIEF, NULL, 0, "only the steps that matter", 0},
    {"output", KEY_OUTPUT, NULL, 0, "what the program wrote too: 64 KiB of both ends", 0},
    {0}};

static const char doc[] = "Plays the schedule in FILE back and shows every step of it.\v"
                          "Exit status: 0 shown, 3 the program did not follow the schedule.";

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct request *r = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &r->playback;
        return 0;
    case KEY_JSON:
        r->json = value;
        return 0;
    case KEY_BRIEF:
        r->brief = true;
        return 0;
    case KEY_OUTPUT:
        r->output = true;
        return 0;
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
        report.options.output = r->output;
        report.replay = ilv__replay_command("", r->playback.file, command, sizeof command);
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
    fprintf(stderr, "%s: %s: %s\n", ilv__playback_word(result->end), r->playback.file, result->why);
    return ILV_EXIT_LIMIT;
}

int ilv__command_show(int argc, char **argv)
{
    struct argp_child children[2] = {{0}};
    const struct argp argp = {options, parse, "FILE.sched", doc, children, NULL, NULL};
    struct request r = {.playback = {.command = "show"}};
    struct ilv_replay_result result;
    ilv__playback_argp(&children[0]);
    int status = ilv__playback_open(&r.playback, &argp, argc, argv, &r);
    if (status)
        return status;
    status = ilv__playback_run(&r.playback, 1, &result);
    if (!status) {
        status = show(&r, &result);
        ilv_replay_free(&result);
    }
    ilv_schedule_free(&r.playback.schedule);
    return status;
}
