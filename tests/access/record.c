/* SPDX-License-Identifier: MIT */
#include "record.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cc/place.h"
#include "ilv_test.h"

static struct said said;

/* The record, free() it. */
static char *recorded(const char *name, const char *options)
{
    const char *suffix = strcmp(name, "vptr") ? "c" : "cc";
    remove("record");
    if (!place_succeeds(&said, "$I cc %s -I$S $S/inputs/%s.%s -o program", options, name, suffix))
        return strdup("");
    place_run(&said, "./program");
    ILV_CHECK_INT(said.status, 3);
    place_run(&said, "RECORD=record LD_PRELOAD=" RECORDER " TSAN_OPTIONS=report_bugs=0 ./program");
    ILV_CHECK_INT(said.status, 3);
    ILV_CHECK_STR(said.err, "");
    return place_read("record");
}

/* Whether one of the alternatives is the line. */
static bool fits(const char *alternatives, const char *line)
{
    size_t length = strlen(line);
    for (const char *at = alternatives; at; at = strstr(at, " | ") ? strstr(at, " | ") + 3 : NULL) {
        if (!strncmp(at, line, length) && (!at[length] || !strncmp(at + length, " | ", 3)))
            return true;
    }
    return false;
}

/* Parts a text into its lines, which stay in it; the list ends with NULL. */
static char **lines_of(char *text)
{
    size_t count = 0;
    for (const char *at = text; *at; at++)
        count += *at == '\n';
    char **lines = calloc(count + 1, sizeof *lines), *rest;
    size_t i = 0;
    for (char *line = strtok_r(text, "\n", &rest); line && i < count;
         line = strtok_r(NULL, "\n", &rest))
        lines[i++] = line;
    return lines;
}

/* Puts that one of the first count lines first which fits. */
static void bring_forward(char **lines, const char *alternatives, size_t count)
{
    for (size_t i = 0; i < count && lines[i]; i++) {
        if (fits(alternatives, lines[i])) {
            char *found = lines[i];
            memmove(lines + 1, lines, i * sizeof *lines);
            lines[0] = found;
            return;
        }
    }
}

static void compare(char *const *expected, char **actual, const char *options)
{
    for (; *expected; expected++) {
        const char *want = *expected;
        size_t group = 0;
        while (expected[group] && expected[group][0] == '&')
            group++;
        if (group)
            bring_forward(actual, want + 1, group);
        bool there = *actual && fits(want + (*want == '?' || *want == '&'), *actual);
        if (!there && *want == '?')
            continue;
        if (!there) {
            printf("%s:\n", options);
            ILV_CHECK_STR(*actual, want);
            return;
        }
        actual++;
    }
    ILV_CHECK_STR(*actual, NULL);
}

void record_matches(const char *name, const char *options)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/inputs/%s.expected", SOURCES, name);
    char *expected = place_read(path), *actual = recorded(name, options);
    char **want = lines_of(expected), **got = lines_of(actual);
    ILV_CHECK(*want != NULL);
    compare(want, got, options);
    free(want);
    free(got);
    free(expected);
    free(actual);
}

void record_same(const char *name, const char *options, const char *others)
{
    char *one = recorded(name, options), *other = recorded(name, others);
    ILV_CHECK(*one != '\0');
    ILV_CHECK_STR(other, one);
    free(one);
    free(other);
}
