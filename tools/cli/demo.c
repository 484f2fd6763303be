/* SPDX-License-Identifier: MIT */
/*
 * A scenario told: its first buggy variant is hunted and the failure replayed, then each of its
 * fixes and demonstrations is hunted: a demonstration must write what is expected in every run.
 * Every command is shown as a user would write it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalogue.h"
#include "command.h"

#define WORDS_MOST 64
#define FIX_RUNS "1000" /* a demonstration; the campaign makes ten times as many */

static const char doc[] = "Hunts the bug of a scenario, plays it back, and checks its fixes.\v"
                          "Exit status: 0 the bug was found and replayed and the fixes are clean.";

static error_t parse(int key, char *value, struct argp_state *state)
{
    const char **name = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (*name)
            exit(ilv__complain("demo: more than one scenario given; write interleave demo NAME"));
        *name = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        exit(ilv__complain("demo: no scenario given; interleave list tells which there are"));
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* A command line under construction. */
struct line {
    char *word[WORDS_MOST + 1];
    int count;
};

static void add(struct line *line, const char *word)
{
    char *copy = strdup(word);
    if (!copy || line->count == WORDS_MOST)
        abort();
    line->word[line->count++] = copy;
    line->word[line->count] = NULL;
}

static void line_free(struct line *line)
{
    for (int i = 0; i < line->count; i++)
        free(line->word[i]);
    *line = (struct line){0};
}

static void tell(const struct line *line)
{
    printf("\n$ %s", line->word[0]);
    for (int i = 1; i < line->count; i++)
        printf(strpbrk(line->word[i], " '\"$*") ? " '%s'" : " %s", line->word[i]);
    printf("\n");
    fflush(stdout);
}

/* A path below the current directory without that: shorter to read. */
static const char *from_here(const char *path)
{
    char here[4096];
    size_t n = getcwd(here, sizeof here) ? strlen(here) : 0;
    bool below = n > 1 && !strncmp(path, here, n) && path[n] == '/';
    return below && strchr(path + n + 1, '/') ? path + n + 1 : path;
}

static int hunt(const struct ilv__variant *v, char *const *options, const char *runs, char *saved,
                size_t size)
{
    struct line line = {0};
    add(&line, "interleave hunt");
    for (char *const *option = options; *option; option++)
        add(&line, *option);
    if (runs) {
        add(&line, "--runs");
        add(&line, runs);
    }
    add(&line, "--");
    add(&line, from_here(v->program));
    tell(&line);
    int status = ilv__hunt(line.count, line.word, saved, size);
    line_free(&line);
    return status;
}

static int replay(const char *path)
{
    struct line line = {0};
    add(&line, "interleave replay");
    add(&line, "--quiet");
    add(&line, path);
    tell(&line);
    int status = ilv__command_replay(line.count, line.word);
    line_free(&line);
    return status;
}

static const struct ilv__variant *first_bug(const struct ilv__scenario *s)
{
    for (size_t i = 0; i < s->variant_count; i++) {
        if (!ilv__variant_is_right(&s->variant[i]))
            return &s->variant[i];
    }
    return NULL;
}

static int not_built(const struct ilv__scenario *s, const char *variant)
{
    char line[512];
    snprintf(line, sizeof line, "demo: %s/%s is not built; build the target scenarios", s->name,
             variant);
    return ilv__complain(line);
}

static int found_and_replayed(const struct ilv__variant *v, char *const *options)
{
    char saved[4096];
    int status = hunt(v, options, NULL, saved, sizeof saved);
    if (status != ILV_EXIT_FOUND)
        return status ? status : ILV_EXIT_FOUND;
    return *saved && replay(saved) == ILV_EXIT_FOUND ? ILV_EXIT_CLEAN : ILV_EXIT_LIMIT;
}

/* The bug; where accesses race, first the race and then what it breaks. */
static int bug(const struct ilv__scenario *s)
{
    const struct ilv__variant *v = first_bug(s);
    if (!v)
        return ILV_EXIT_CLEAN;
    if (!v->program)
        return not_built(s, v->name);
    int status = found_and_replayed(v, v->options);
    if (!status && *v->outcome)
        status = found_and_replayed(v, v->outcome);
    return status;
}

static int fixes(const struct ilv__scenario *s)
{
    int status = ILV_EXIT_CLEAN;
    for (size_t i = 0; i < s->variant_count && !status; i++) {
        const struct ilv__variant *v = &s->variant[i];
        if (!ilv__variant_is_right(v))
            continue;
        status = v->program ? hunt(v, v->options, FIX_RUNS, NULL, 0) : not_built(s, v->name);
    }
    return status;
}

int ilv__command_demo(int argc, char **argv)
{
    static const struct argp argp = {NULL, parse, "NAME", doc, NULL, NULL, NULL};
    struct ilv__catalogue catalogue;
    const char *name = NULL;
    char error[1024];
    argp_parse(&argp, argc, argv, 0, NULL, &name);
    if (ilv__catalogue_read(&catalogue, error, sizeof error))
        return ilv__complain(error);
    const struct ilv__scenario *s = ilv__catalogue_find(&catalogue, name);
    int status;
    if (s) {
        printf("%s/%s: %s\n", s->family, s->name, s->question);
        status = bug(s);
        if (!status)
            status = fixes(s);
    } else {
        snprintf(error, sizeof error,
                 "demo: no scenario '%s'; interleave list tells which there are", name);
        status = ilv__complain(error);
    }
    ilv__catalogue_free(&catalogue);
    return status;
}
