/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "command.h"

enum { KEY_BACKEND = 3000, KEY_TRAP };

static const struct argp_option options[] = {
    {"backend", KEY_BACKEND, "NAME", 0, "how threads run: auto, fiber, baton", 0},
    {"trap", KEY_TRAP, "NAME", 0, "how system calls are caught: auto, dispatch, seccomp, off", 0},
    {0}};

static void set(struct ilv_world *world, const char *option, const char *value)
{
    char word[128], error[256];
    snprintf(word, sizeof word, "%s=%s", option, value);
    if (ilv_world_set(world, word, error, sizeof error))
        exit(ilv__complain(error));
}

static void refuse(const struct ilv__playback *p, const char *what)
{
    char line[256];
    snprintf(line, sizeof line, "%s: %s; write interleave %s FILE.sched", p->command, what,
             p->command);
    exit(ilv__complain(line));
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct ilv__playback *p = state->input;
    switch (key) {
    case KEY_BACKEND:
        set(&p->choice, "backend", value);
        return 0;
    case KEY_TRAP:
        set(&p->choice, "trap", value);
        return 0;
    case ARGP_KEY_ARG:
        if (p->file)
            refuse(p, "more than one schedule given");
        p->file = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        refuse(p, "no schedule given");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

void ilv__playback_argp(struct argp_child *child)
{
    static const struct argp argp = {.options = options, .parser = parse};
    *child = (struct argp_child){.argp = &argp};
}

int ilv__playback_open(struct ilv__playback *p, const struct argp *argp, int argc, char **argv,
                       void *request)
{
    char error[1024];
    ilv__world_from_environment(&p->choice);
    argp_parse(argp, argc, argv, 0, NULL, request);
    p->setup.interrupted = &ilv__interrupted;
    if (ilv_schedule_read(p->file, &p->schedule, error, sizeof error))
        return ilv__complain(error);
    ilv__catch_interrupts();
    return 0;
}

int ilv__playback_run(const struct ilv__playback *p, uint32_t times,
                      struct ilv_replay_result *result)
{
    char error[1024];
    int failed = ilv_replay_times(&p->schedule, p->file, &p->setup, p->choice.backend,
                                  p->choice.trap, times, result, error, sizeof error);
    if (!failed)
        return 0;
    ilv__complain(error);
    return failed == -EINTR ? ILV_EXIT_INTERRUPTED : ILV_EXIT_USAGE;
}

const char *ilv__playback_word(enum ilv_replay_end end)
{
    return end == ILV_REPLAY_DIVERGED ? "DIVERGED" : "DIFFERENT";
}
