/* SPDX-License-Identifier: MIT */
/*
 * filter.h: which findings count as a failure.
 *
 * Without any filter the findings of class ERROR do. `only` and `ignore` narrow that, `fail_on`
 * and `strict` widen it to notes. Findings of class LIMIT never fail and are never ignored: a
 * run that could not be judged is not clean.
 *
 * Suppressions drop findings by name. A file of them has one `type:pattern` a line (# begins a
 * comment), as for ThreadSanitizer: type is the word of a finding (or TSan's `race`, `mutex`,
 * `thread`), the pattern matches any part of a function, variable, source file or module that
 * the finding is about, or of a name that the program gave an object; `*` stands for anything, `^`
 * and `$` tie it to the beginning and end.
 */
#ifndef ILV_FILTER_H
#define ILV_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ilv_suppression {
    uint64_t verdicts; /* bit v: of findings with verdict v */
    char *pattern;
};

/* All zero lets errors fail and nothing else. */
struct ilv_filter {
    uint64_t only;    /* bit v: count verdict v; 0: all */
    uint64_t ignore;  /* bit v: do not */
    uint64_t fail_on; /* bit v: a note that fails */
    bool strict;      /* all notes fail */
    struct ilv_suppression *suppression;
    size_t suppression_count;
};

/* Adds the verdicts of a list such as `deadlock,crash` to mask. Returns 0, or -EINVAL with one
 * line in error; option is named in it. */
int ilv_filter_names(const char *option, const char *list, uint64_t *mask, char *error,
                     size_t size);

/* Adds the suppressions of a file. Returns 0, or -errno with one line in error. */
int ilv_filter_suppress(struct ilv_filter *filter, const char *path, char *error, size_t size);

/* Frees what a filter owns and makes it all zero. */
void ilv_filter_free(struct ilv_filter *filter);

/* Whether a finding with this verdict fails, suppressions aside. Never blocks. */
bool ilv_filter_fails(const struct ilv_filter *filter, unsigned verdict);

/* Whether a finding may be none for this filter after which a program could go on. Never blocks. */
bool ilv_filter_hides_errors(const struct ilv_filter *filter);
/* Whether there are suppressions for this verdict. Never blocks. */
bool ilv_filter_may_suppress(const struct ilv_filter *filter, unsigned verdict);

/* Whether the pattern, as in a suppression, matches any part of the text. Never blocks. */
bool ilv__pattern_matches(const char *pattern, const char *text);

/* Whether one of them matches this name. Never blocks. */
bool ilv_filter_suppresses(const struct ilv_filter *filter, unsigned verdict, const char *name);

#endif
