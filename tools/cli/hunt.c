/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

enum {
    KEY_RUNS = 1000,
    KEY_SECONDS,
    KEY_SEED,
    KEY_STRATEGY,
    KEY_ONLY,
    KEY_IGNORE,
    KEY_SUPPRESS,
    KEY_FAIL_ON,
    KEY_STRICT,
    KEY_PROGRESS
};

struct request {
    struct ilv_hunt hunt;
    struct ilv_world world;
    bool quiet;
    bool progress;
    double told;      /* second of the hunt at which progress was written last */
    bool line;        /* a progress line stands on the terminal */
    char backend[32]; /* the option for replay when one was given, else "" */
    char saved[4096]; /* the schedule that was written */
};

static const struct argp_option options[] = {
    {"runs", KEY_RUNS, "N", 0, "at most N runs (default 10000)", 0},
    {"seconds", KEY_SECONDS, "S", 0, "at most S seconds, 0: no limit (default 60)", 0},
    {"seed", KEY_SEED, "N", 0, "another seed tries other schedules (default 1)", 0},
    {"strategy", KEY_STRATEGY, "NAME[:params]", 0,
     "how schedules are chosen (default: pos and pct in turns)", 0},
    {NULL, 'j', "N", 0, "N workers, each on a CPU of its own (default 1)", 0},
    {"only", KEY_ONLY, "LIST", 0, "only these findings count: deadlock,crash,...", 0},
    {"ignore", KEY_IGNORE, "LIST", 0, "these findings do not count", 0},
    {"suppress", KEY_SUPPRESS, "FILE", 0, "findings not to count, as for ThreadSanitizer", 0},
    {"fail-on", KEY_FAIL_ON, "LIST", 0, "these notes count as failures", 0},
    {"strict", KEY_STRICT, NULL, 0, "all notes count as failures", 0},
    {"quiet", 'q', NULL, 0, "the last line only", 0},
    {"progress", KEY_PROGRESS, NULL, 0, "tell progress even without a terminal", 0},
    {0}};

static const char doc[] = "Runs CMD under many schedules and keeps the first that fails.\v"
                          "The failing schedule is written to PROGRAM-FINDING-N.sched.";

/* Ends the program with the line in error. */
static void must(int failed, const char *error)
{
    if (failed)
        exit(ilv__complain(error));
}

static double seconds_read(const char *text)
{
    char *end, line[256];
    double s = strtod(text, &end);
    if (end != text && !*end && s >= 0 && s < 1e9)
        return s;
    snprintf(line, sizeof line, "--seconds: '%s' is not valid; it takes a number, 0 for no limit",
             text);
    exit(ilv__complain(line));
}

static error_t parse_budget(int key, const char *value, struct ilv_hunt *hunt)
{
    char error[512];
    int strategy;
    switch (key) {
    case KEY_RUNS:
        hunt->runs = (uint32_t)ilv__number("--runs", value, 1, UINT32_MAX - 1);
        return 0;
    case KEY_SECONDS:
        hunt->seconds = seconds_read(value);
        return 0;
    case KEY_SEED:
        hunt->seed = ilv__number("--seed", value, 0, UINT64_MAX);
        return 0;
    case KEY_STRATEGY:
        strategy = ilv_strategy_parse(value, &hunt->parameters, error, sizeof error);
        must(strategy < 0, error);
        hunt->strategy = strategy;
        return 0;
    case 'j':
        hunt->workers = (uint32_t)ilv__number("-j", value, 1, 256);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_filter(int key, const char *value, struct ilv_filter *filter)
{
    char error[1024];
    switch (key) {
    case KEY_ONLY:
        must(ilv_filter_names("--only", value, &filter->only, error, sizeof error), error);
        return 0;
    case KEY_IGNORE:
        must(ilv_filter_names("--ignore", value, &filter->ignore, error, sizeof error), error);
        return 0;
    case KEY_FAIL_ON:
        must(ilv_filter_names("--fail-on", value, &filter->fail_on, error, sizeof error), error);
        return 0;
    case KEY_SUPPRESS:
        must(ilv_filter_suppress(filter, value, error, sizeof error), error);
        return 0;
    case KEY_STRICT:
        filter->strict = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct request *r = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &r->world;
        return 0;
    case 'q':
        r->quiet = true;
        return 0;
    case KEY_PROGRESS:
        r->progress = true;
        return 0;
    case ARGP_KEY_ARG:
        r->world.argv = &state->argv[state->next - 1];
        state->next = state->argc;
        return 0;
    case ARGP_KEY_NO_ARGS:
        must(1, "no program to hunt in; write interleave hunt [options] -- CMD");
        return 0;
    default:
        if (parse_budget(key, value, &r->hunt) == 0)
            return 0;
        return parse_filter(key, value, &r->hunt.filter);
    }
}

/* --- telling */

static void progress(const struct ilv_progress_report *p, void *context)
{
    struct request *r = context;
    if (p->seconds - r->told < 0.25)
        return;
    r->told = p->seconds;
    r->line = isatty(STDERR_FILENO);
    fprintf(stderr, "%srun %u of %u, %.0f a second, %u distinct behaviours%s",
            r->line ? "\r\033[K" : "", p->runs, p->budget, p->runs / p->seconds, p->behaviours,
            r->line ? "" : "\n");
}

static const char *plural(uint32_t n)
{
    return n == 1 ? "" : "s";
}

static void tell_notes(const struct ilv_hunt_result *result)
{
    for (unsigned v = ILV_VERDICT_NONE + 1; v < ILV_VERDICT_COUNT; v++) {
        enum ilv_verdict_class cls = ilv_verdict_class(v);
        if (result->noted[v] && (cls == ILV_NOTE || cls == ILV_UNSURE))
            printf("%s: %s in %u run%s: %s%s%s\n", cls == ILV_NOTE ? "note" : "unsure",
                   ilv_verdict_word(v), result->noted[v], plural(result->noted[v]),
                   ilv_verdict_gloss(v), cls == ILV_NOTE ? "" : "; it is told with --fail-on ",
                   cls == ILV_NOTE ? "" : ilv_verdict_word(v));
    }
}

/* Writes the schedule beside the user; path is empty if that was not possible. */
static void save(const struct ilv_hunt_result *result, char *path, size_t size)
{
    char stem[512], line[1024];
    const char *program = result->schedule.program, *slash = strrchr(program, '/');
    snprintf(stem, sizeof stem, "%s-%s", slash ? slash + 1 : program,
             ilv_verdict_word(result->finding.verdict));
    int failed = ilv_schedule_save(&result->schedule, ".", stem, path, size);
    if (failed) {
        *path = '\0';
        snprintf(line, sizeof line,
                 "the schedule cannot be written here: %s; run in a directory "
                 "that you may write to",
                 strerror(-failed));
        ilv__complain(line);
    }
    if (!strncmp(path, "./", 2))
        memmove(path, path + 2, strlen(path) - 1);
}

static int tell_failure(struct request *r, const struct ilv_hunt_result *result)
{
    char command[4200], words[128], *path = r->saved;
    save(result, path, sizeof r->saved);
    bool found = result->end == ILV_HUNT_FOUND;
    if (!r->quiet && result->run)
        ilv__story_text(
            result->run, &result->finding,
            *path ? ilv__replay_command(r->backend, path, command, sizeof command) : NULL, false);
    if (!r->quiet)
        tell_notes(result);
    ilv__finding_words(result->finding.verdict, result->finding.kind, words, sizeof words);
    printf("%s %s in run %u: %s%s%s\n", found ? "FOUND" : "UNCONFIRMED", words, result->summary.run,
           *path ? path : "not written", found ? "" : ": ", found ? "" : result->why);
    return found ? ILV_EXIT_FOUND : ILV_EXIT_LIMIT;
}

static int tell_none(const struct request *r, const struct ilv_hunt_result *result)
{
    uint32_t judged = result->runs - result->limited;
    if (!r->quiet)
        tell_notes(result);
    if (result->out_of_time && !r->quiet)
        printf("%g s are over after %u run%s; --runs %u --seconds 0 makes the same again\n",
               r->hunt.seconds, result->runs, plural(result->runs), result->runs);
    if (result->end == ILV_HUNT_INTERRUPTED) {
        printf("INTERRUPTED after %u run%s, no failure until then: %u distinct behaviour%s\n",
               result->runs, plural(result->runs), result->behaviours, plural(result->behaviours));
        return ILV_EXIT_INTERRUPTED;
    }
    if (!judged && result->limited) {
        printf("LIMITED: none of %u run%s could be judged: %s\n", result->runs,
               plural(result->runs), result->limited_text);
        return ILV_EXIT_LIMIT;
    }
    printf("NO FAILURE in %u run%s (not a proof): %u distinct behaviour%s", judged, plural(judged),
           result->behaviours, plural(result->behaviours));
    if (result->limited)
        printf("; limited: %u run%s could not be judged: %s", result->limited,
               plural(result->limited), result->limited_text);
    printf("\n");
    return result->limited ? ILV_EXIT_LIMIT : ILV_EXIT_CLEAN;
}

static int tell(struct request *r, const struct ilv_hunt_result *result)
{
    if (r->line)
        fprintf(stderr, "\r\033[K");
    if (result->end == ILV_HUNT_FOUND || result->end == ILV_HUNT_UNCONFIRMED)
        return tell_failure(r, result);
    return tell_none(r, result);
}

int ilv__hunt(int argc, char **argv, char *saved, size_t size)
{
    struct request r = {0};
    struct argp_child children[2] = {{0}};
    struct argp argp = {options, parse, "-- CMD [ARGS...]", doc, children, NULL, NULL};
    struct ilv_hunt_result result;
    char error[1024];
    ilv_world_init(&r.world, NULL);
    ilv_hunt_init(&r.hunt, &r.world);
    ilv__world_from_environment(&r.world);
    ilv__world_argp(&children[0]);
    uint16_t usual = r.world.backend;
    argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &r);
    if (r.world.backend != usual && r.world.backend != ILV_BACKEND_AUTO)
        snprintf(r.backend, sizeof r.backend, "--backend %s ",
                 r.world.backend == ILV_BACKEND_FIBER ? "fiber" : "baton");
    ilv__catch_interrupts();
    r.hunt.setup.interrupted = &ilv__interrupted;
    if (!r.quiet && (r.progress || isatty(STDERR_FILENO))) {
        r.hunt.progress = progress;
        r.hunt.context = &r;
    }
    int failed = ilv_hunt(&r.hunt, &result, error, sizeof error);
    int status = failed == -EINTR ? ILV_EXIT_INTERRUPTED : ILV_EXIT_USAGE;
    if (failed) {
        ilv__complain(error);
    } else {
        status = tell(&r, &result);
        ilv_hunt_free(&result);
    }
    ilv_filter_free(&r.hunt.filter);
    if (saved)
        snprintf(saved, size, "%s", r.saved);
    return status;
}

int ilv__command_hunt(int argc, char **argv)
{
    return ilv__hunt(argc, argv, NULL, 0);
}
