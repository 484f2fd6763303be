/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "vec.h"

#define WORLD_KEY 2000
#define WORLD_MOST 32

volatile sig_atomic_t ilv__interrupted;

int ilv__complain(const char *line)
{
    fflush(stdout);
    fprintf(stderr, "interleave: %s\n", line);
    return ILV_EXIT_USAGE;
}

uint64_t ilv__number(const char *option, const char *text, uint64_t least, uint64_t most)
{
    char *end, line[256];
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    if (!errno && *text >= '0' && *text <= '9' && !*end && n >= least && n <= most)
        return n;
    snprintf(line, sizeof line, "%s: '%s' is not valid; it takes a number from %llu to %llu",
             option, text, (unsigned long long)least, (unsigned long long)most);
    exit(ilv__complain(line));
}

/* The words that were built: worlds borrow them as long as the program lives. */
static ILV_VEC(char *) words;

/* One option of the world. */
static error_t world_parse(int key, char *value, struct argp_state *state)
{
    const struct ilv_world_option *options = ilv_world_options();
    char error[512], *word;
    if (key < WORLD_KEY || key >= WORLD_KEY + WORLD_MOST)
        return ARGP_ERR_UNKNOWN;
    if (asprintf(&word, "%s%s%s", options[key - WORLD_KEY].name, value ? "=" : "",
                 value ? value : "") < 0)
        return ENOMEM;
    ilv_vec_push(&words, word);
    if (ilv_world_set(state->input, word, error, sizeof error))
        exit(ilv__complain(error));
    return 0;
}

void ilv__world_argp(struct argp_child *child)
{
    static struct argp_option options[WORLD_MOST + 1];
    static struct argp argp = {.options = options, .parser = world_parse};
    const struct ilv_world_option *o = ilv_world_options();
    for (int i = 0; o[i].name && i < WORLD_MOST; i++)
        options[i] =
            (struct argp_option){o[i].name, WORLD_KEY + i, o[i].argument, 0, o[i].gloss, 0};
    *child = (struct argp_child){.argp = &argp, .header = "The world of a run:", .group = 2};
}

void ilv__world_from_environment(struct ilv_world *world)
{
    static const struct {
        const char *variable, *option;
    } pairs[] = {{"ILV_BACKEND", "backend"}, {"ILV_TRAP", "trap"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char word[128], error[256];
        const char *value = getenv(pairs[i].variable);
        if (!value || !*value)
            continue;
        snprintf(word, sizeof word, "%s=%s", pairs[i].option, value);
        if (ilv_world_set(world, word, error, sizeof error))
            exit(ilv__complain(error));
    }
}

static void interrupt(int number)
{
    (void)number;
    ilv__interrupted = 1;
}

void ilv__catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = interrupt};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}
