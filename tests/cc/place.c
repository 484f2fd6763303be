/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ilv_test.h"

static char place[64];
static pid_t owner;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

static void remove_place(void)
{
    if (getpid() == owner)
        nftw(place, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void place_make(void)
{
    static const char *const ours[] = {"ILV_CC", "ILV_CXX", "ILV_CC_QUIET", "LD_PRELOAD", "CC",
                                       "CXX",    "CFLAGS",  "CXXFLAGS",     "LDFLAGS"};
    snprintf(place, sizeof place, "/tmp/cc-test-XXXXXX");
    owner = getpid();
    if (!mkdtemp(place) || chdir(place) || atexit(remove_place))
        abort();
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        unsetenv(ours[i]);
    setenv("I", INTERLEAVE, 1);
    setenv("S", SOURCES, 1);
    setenv("ILV_CC_QUIET", "1", 1);
    setenv("LC_ALL", "C", 1);
}

char *place_read(const char *name)
{
    FILE *file = fopen(name, "re");
    char *text = NULL;
    size_t room = 0;
    if (!file || getdelim(&text, &room, '\0', file) < 0) {
        free(text);
        text = strdup("");
    }
    if (file)
        fclose(file);
    return text;
}

static void take(const char *name, char *out, size_t size)
{
    char *text = place_read(name);
    snprintf(out, size, "%s", text);
    free(text);
    unlink(name);
}

static void run(struct said *said, const char *format, va_list list)
    __attribute__((format(printf, 2, 0)));

static void run(struct said *said, const char *format, va_list list)
{
    char *line, *whole;
    if (vasprintf(&line, format, list) < 0 ||
        asprintf(&whole, "{ %s\n} >.out 2>.err </dev/null", line) < 0)
        abort();
    int status = system(whole);
    said->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    take(".out", said->out, sizeof said->out);
    take(".err", said->err, sizeof said->err);
    free(line);
    free(whole);
}

void place_run(struct said *said, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    run(said, format, list);
    va_end(list);
}

int place_succeeds(struct said *said, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    run(said, format, list);
    va_end(list);
    ILV_CHECK_STR(said->err, "");
    return ILV_CHECK_INT(said->status, 0);
}

void place_needs(const char *command)
{
    char line[128];
    snprintf(line, sizeof line, "command -v %s >/dev/null 2>&1", command);
    if (system(line))
        ilv_test_skip("no %s here", command);
}

void place_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "we");
    if (!file || fputs(text, file) < 0 || fclose(file))
        abort();
}
