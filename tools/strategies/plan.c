/* SPDX-License-Identifier: MIT */
/*
 * The planning half that all strategies share: names and parameters, and the block for a run.
 * For the explorer: uses libc.
 *
 * What strategies.def says of a strategy's parameters ("p=0.1") is read by the same reader as
 * the command line, so that the default of a parameter and its existence have one source.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "strategy.h"

#define DEFAULT_MAX_STEPS 1000000u /* where the caller says nothing else */
#define DEFAULT_DEPTH 3u
#define MAX_DEPTH 64

static const struct row {
    const char *name;
    const char *parameters; /* key=default,... */
} rows[] = {
#define STRATEGY(identifier, name, parameters, gloss) {name, parameters},
#include "strategies.def"
#undef STRATEGY
};

struct error {
    char *text;
    size_t size;
};

static bool same(const char *text, size_t length, const char *name)
{
    return strlen(name) == length && memcmp(text, name, length) == 0;
}

static void append(struct error *e, const char *text)
{
    size_t used = strlen(e->text);
    snprintf(e->text + used, e->size - used, "%s", text);
}

static int unknown_strategy(struct error *e, const char *text, size_t length)
{
    snprintf(e->text, e->size, "unknown strategy '%.*s'; there are", (int)length, text);
    for (unsigned i = 0; i < ILV_STRATEGY_COUNT; i++) {
        if (i != ILV_STRATEGY_replay) {
            append(e, i == 0 ? " " : ", ");
            append(e, rows[i].name);
        }
    }
    return -EINVAL;
}

static int unknown_parameter(struct error *e, const struct row *row, const char *key, size_t length)
{
    snprintf(e->text, e->size, "strategy '%s' has no parameter '%.*s'; it has ", row->name,
             (int)length, key);
    append(e, row->parameters[0] != '\0' ? row->parameters : "none");
    return -EINVAL;
}

static int set_p(struct ilv_parameters *parameters, const char *value, struct error *e)
{
    char *end = NULL;
    double p = strtod(value, &end);
    if (end == value || (*end != '\0' && *end != ',') || !(p > 0.0 && p <= 1.0)) {
        snprintf(e->text, e->size, "p is a probability above 0 and at most 1, not '%.*s'",
                 (int)strcspn(value, ","), value);
        return -EINVAL;
    }
    parameters->p = p;
    return 0;
}

static int set_d(struct ilv_parameters *parameters, const char *value, struct error *e)
{
    char *end = NULL;
    long d = strtol(value, &end, 10);
    if (end == value || (*end != '\0' && *end != ',') || d < 1 || d > MAX_DEPTH) {
        snprintf(e->text, e->size, "d is a whole number from 1 to %d, not '%.*s'", MAX_DEPTH,
                 (int)strcspn(value, ","), value);
        return -EINVAL;
    }
    parameters->d = (uint32_t)d;
    return 0;
}

static const struct key {
    const char *name;
    int (*set)(struct ilv_parameters *parameters, const char *value, struct error *e);
} keys[] = {{"p", set_p}, {"d", set_d}};

/* Whether the strategy's list of parameters, such as "p=0.1", has this key. */
static bool has_key(const struct row *row, const char *key, size_t length)
{
    for (const char *at = row->parameters; *at != '\0'; at += strcspn(at, ","), at += *at == ',') {
        if (strncmp(at, key, length) == 0 && at[length] == '=') {
            return true;
        }
    }
    return false;
}

static int set(const struct row *row, const char *text, struct ilv_parameters *parameters,
               struct error *e)
{
    size_t length = strcspn(text, "=,");
    if (length == 0 || !has_key(row, text, length)) {
        return unknown_parameter(e, row, text, length);
    }
    if (text[length] != '=') {
        snprintf(e->text, e->size, "parameter '%.*s' has no value; strategy '%s' has %s",
                 (int)length, text, row->name, row->parameters);
        return -EINVAL;
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (same(text, length, keys[i].name)) {
            return keys[i].set(parameters, text + length + 1, e);
        }
    }
    return unknown_parameter(e, row, text, length);
}

static int set_all(const struct row *row, const char *text, struct ilv_parameters *parameters,
                   struct error *e)
{
    while (true) {
        int error = set(row, text, parameters, e);
        text += strcspn(text, ",");
        if (error != 0 || *text == '\0') {
            return error;
        }
        text++;
    }
}

static void set_defaults(struct ilv_parameters *parameters)
{
    char unused[160];
    struct error e = {unused, sizeof unused};
    *parameters = (struct ilv_parameters){0};
    for (unsigned i = 0; i < ILV_STRATEGY_COUNT; i++) {
        if (rows[i].parameters[0] != '\0') {
            set_all(&rows[i], rows[i].parameters, parameters, &e);
        }
    }
}

int ilv_strategy_parse(const char *text, struct ilv_parameters *parameters, char *error,
                       size_t size)
{
    char scratch[1];
    struct error e = size > 0 ? (struct error){error, size} : (struct error){scratch, 1};
    size_t length = strcspn(text, ":");
    set_defaults(parameters);
    for (unsigned i = 0; i < ILV_STRATEGY_COUNT; i++) {
        if (i == ILV_STRATEGY_replay || !same(text, length, rows[i].name)) {
            continue;
        }
        int result = 0;
        if (text[length] == ':') {
            result = set_all(&rows[i], text + length + 1, parameters, &e);
        }
        return result != 0 ? result : (int)i;
    }
    return unknown_strategy(&e, text, length);
}

/* The last two of each sixteen: one run of POS and one of PCT when these take turns. */
static bool clock_is_free(uint32_t run)
{
    return run % 16 >= 14;
}

void ilv_strategy_plan(int strategy, const struct ilv_parameters *parameters, uint64_t seed,
                       uint32_t run, bool clock_free, uint16_t faults,
                       const struct ilv_knowledge *knowledge, struct ilv_plan *plan)
{
    struct ilv_parameters usual;
    set_defaults(&usual);
    if (strategy < 0) {
        strategy = run % 2 == 0 ? ILV_STRATEGY_pos : ILV_STRATEGY_pct;
        usual.d = DEFAULT_DEPTH;
        parameters = &usual;
    }
    memset(plan, 0, sizeof *plan);
    plan->seed = ilv_hash_combine(seed, run);
    plan->run = run;
    plan->strategy = (uint16_t)strategy;
    plan->faults = faults;
    plan->clock_free = clock_free && clock_is_free(run);
    plan->max_steps = DEFAULT_MAX_STEPS;
    const struct ilv_strategy *s = ilv_strategy((unsigned)strategy);
    if (s != NULL && s->plan != NULL) {
        s->plan(parameters != NULL ? parameters : &usual, knowledge, plan);
    }
}
