/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "command.h"

void ilv__story_begin(struct ilv_report *report, const struct ilv_run *run, FILE *out)
{
    *report = (struct ilv_report){.run = run};
    report->symbols = ilv_symbols_open(run->module, run->module_count);
    ilv_report_options(out, &report->options);
}

int ilv__story_end(struct ilv_report *report, int reporter, FILE *out)
{
    int failed = ilv_reporter((unsigned)reporter)->write(report, out);
    ilv_symbols_close(report->symbols);
    return failed;
}

void ilv__story_text(const struct ilv_run *run, const struct ilv_finding *finding,
                     const char *replay, bool output)
{
    struct ilv_report report;
    ilv__story_begin(&report, run, stdout);
    report.finding = finding;
    report.finding_count = finding ? 1 : 0;
    report.replay = replay;
    report.options.output = output;
    ilv__story_end(&report, ILV_REPORTER_text, stdout);
}

const char *ilv__finding_words(unsigned verdict, unsigned kind, char *out, size_t size)
{
    const char *k = ilv_kind_word(kind);
    snprintf(out, size, *k ? "%s (%s)" : "%s%s", ilv_verdict_word(verdict), k);
    return out;
}

const char *ilv__replay_command(const char *option, const char *path, char *out, size_t size)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./+=:,@%";
    bool quote = path[strspn(path, plain)] != '\0' || *path == '-';
    size_t used = (size_t)snprintf(out, size, "interleave replay %s%s%s", option,
                                   *path == '-' ? "./" : "", quote ? "'" : "");
    for (; *path && used + 8 < size; path++)
        used += (size_t)snprintf(out + used, size - used, *path == '\'' && quote ? "'\\''" : "%c",
                                 *path);
    if (quote)
        snprintf(out + used, size - used, "'");
    return out;
}
