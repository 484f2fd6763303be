/* SPDX-License-Identifier: MIT */
/*
 * reporter.c: the list of reporters, and what they have in common to their callers.
 */
#include "reporter.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"

#define REPORTER(identifier, name, gloss) \
    extern const struct ilv_reporter ilv__reporter_##identifier;
#include "reporters.def"
#undef REPORTER

static const struct ilv_reporter *const reporters[ILV_REPORTER_COUNT] = {
#define REPORTER(identifier, name, gloss) [ILV_REPORTER_##identifier] = &ilv__reporter_##identifier,
#include "reporters.def"
#undef REPORTER
};

const struct ilv_reporter *ilv_reporter(unsigned id)
{
    return reporters[id < ILV_REPORTER_COUNT ? id : ILV_REPORTER_text];
}

int ilv_reporter_find(const char *name)
{
    for (int i = 0; i < ILV_REPORTER_COUNT; i++)
        if (strcmp(reporters[i]->name, name) == 0)
            return i;
    return -1;
}

static bool is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (unsigned i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL;
    }
    return false;
}

void ilv_report_options(FILE *out, struct ilv_report_options *options)
{
    struct winsize window = {0};
    options->width = 100;
    options->colour = false;
    options->unicode = false;
    if (!isatty(fileno(out)))
        return;
    if (ioctl(fileno(out), TIOCGWINSZ, &window) == 0 && window.ws_col > 0)
        options->width = window.ws_col;
    const char *none = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    bool dumb = terminal == NULL || strcmp(terminal, "dumb") == 0;
    options->colour = (none == NULL || none[0] == '\0') && !dumb;
    options->unicode = is_utf8() && !dumb;
}

char *ilv_report_summary(const struct ilv_report *report, const struct ilv_finding *finding,
                         char *out, size_t size)
{
    struct ilv__tale tale;
    if (ilv__tale_begin(&tale, report) == 0)
        ilv__summary(&tale, finding, out, size);
    else
        ilv__line(out, size);
    ilv__tale_end(&tale);
    return out;
}

char *ilv_report_timing(const struct ilv_report *report, char *out, size_t size)
{
    struct ilv__tale tale;
    if (ilv__tale_begin(&tale, report) == 0)
        ilv__timing(&tale, out, size);
    else
        ilv__line(out, size);
    ilv__tale_end(&tale);
    return out;
}
