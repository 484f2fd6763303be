/* SPDX-License-Identifier: MIT */
#include "filter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"
#include "vec.h"

#define BIT(verdict) (UINT64_C(1) << (verdict))

/* Words of other tools for our findings; 0: known, and there is nothing to suppress here. */
static const struct {
    const char *word;
    uint64_t verdicts;
} foreign[] = {
    {"race", BIT(ILV_VERDICT_DATA_RACE) | BIT(ILV_VERDICT_UNSURE_RACE)},
    {"mutex", BIT(ILV_VERDICT_LOCK_MISUSE)},
    {"thread", BIT(ILV_VERDICT_UNJOINED)},
    {"race_top", 0},
    {"signal", 0},
    {"called_from_lib", 0},
};

/* Writes the words of all findings that can be filtered. */
static void words(char *out, size_t size)
{
    size_t used = 0;
    *out = '\0';
    for (unsigned v = ILV_VERDICT_NONE + 1; v < ILV_VERDICT_COUNT && used < size; v++) {
        if (ilv_verdict_class(v) != ILV_LIMIT)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "",
                                     ilv_verdict_word(v));
    }
}

static int verdict_of(const char *word)
{
    int v = ilv_verdict_find(word);
    return v <= ILV_VERDICT_NONE || ilv_verdict_class((unsigned)v) == ILV_LIMIT ? -1 : v;
}

int ilv_filter_names(const char *option, const char *list, uint64_t *mask, char *error, size_t size)
{
    while (true) {
        char word[64];
        size_t length = strcspn(list, ",");
        snprintf(word, sizeof word, "%.*s", (int)length, list);
        int v = verdict_of(word);
        if (v < 0) {
            char all[512];
            words(all, sizeof all);
            snprintf(error, size, "%s: no finding '%s'; there are %s", option, word, all);
            return -EINVAL;
        }
        *mask |= BIT((unsigned)v);
        if (!list[length])
            return 0;
        list += length + 1;
    }
}

static bool type_of(const char *word, uint64_t *verdicts)
{
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        if (!strcmp(foreign[i].word, word)) {
            *verdicts = foreign[i].verdicts;
            return true;
        }
    }
    int v = verdict_of(word);
    *verdicts = v < 0 ? 0 : BIT((unsigned)v);
    return v >= 0;
}

static void add(struct ilv_filter *filter, uint64_t verdicts, const char *pattern)
{
    size_t count = filter->suppression_count;
    struct ilv_suppression *more =
        realloc(filter->suppression, (count + 1) * sizeof *filter->suppression);
    if (!more)
        abort();
    filter->suppression = more;
    more[count] = (struct ilv_suppression){verdicts, ilv_copy_text(pattern)};
    filter->suppression_count = count + 1;
}

/* One line of a file; number is for the message. */
static int line_read(struct ilv_filter *filter, const char *path, unsigned number, char *line,
                     char *error, size_t size)
{
    uint64_t verdicts;
    line += strspn(line, " \t");
    size_t length = strlen(line);
    while (length && strchr(" \t\r\n", line[length - 1]))
        line[--length] = '\0';
    if (!*line || *line == '#')
        return 0;
    char *colon = strchr(line, ':');
    if (!colon || !colon[1]) {
        snprintf(error, size, "%s:%u: '%s' is not type:pattern; write for example deadlock:queue_*",
                 path, number, line);
        return -EINVAL;
    }
    *colon = '\0';
    if (!type_of(line, &verdicts)) {
        snprintf(error, size, "%s:%u: no finding '%s'; write for example deadlock:queue_*", path,
                 number, line);
        return -EINVAL;
    }
    add(filter, verdicts, colon + 1);
    return 0;
}

int ilv_filter_suppress(struct ilv_filter *filter, const char *path, char *error, size_t size)
{
    char *line = NULL;
    size_t room = 0;
    int result = 0;
    FILE *in = fopen(path, "re");
    if (!in) {
        result = -errno;
        snprintf(error, size, "--suppress: %s: %s; give a readable file", path, strerror(errno));
        return result;
    }
    for (unsigned n = 1; !result && getline(&line, &room, in) >= 0; n++)
        result = line_read(filter, path, n, line, error, size);
    free(line);
    fclose(in);
    return result;
}

void ilv_filter_free(struct ilv_filter *filter)
{
    for (size_t i = 0; i < filter->suppression_count; i++)
        free(filter->suppression[i].pattern);
    free(filter->suppression);
    *filter = (struct ilv_filter){0};
}

bool ilv_filter_fails(const struct ilv_filter *filter, unsigned verdict)
{
    enum ilv_verdict_class cls = ilv_verdict_class(verdict);
    uint64_t bit = BIT(verdict);
    if (verdict == ILV_VERDICT_NONE || verdict >= ILV_VERDICT_COUNT || cls == ILV_LIMIT)
        return false;
    if ((filter->ignore & bit) || (filter->only && !(filter->only & bit)))
        return false;
    return cls == ILV_ERROR || (filter->fail_on & bit) || (filter->strict && cls == ILV_NOTE);
}

bool ilv_filter_hides_errors(const struct ilv_filter *filter)
{
    return filter->suppression_count > 0 || !ilv_filter_fails(filter, ILV_VERDICT_LOCK_MISUSE);
}

bool ilv_filter_may_suppress(const struct ilv_filter *filter, unsigned verdict)
{
    for (size_t i = 0; i < filter->suppression_count; i++) {
        if (filter->suppression[i].verdicts & BIT(verdict))
            return true;
    }
    return false;
}

/* Whether pattern (without ^) matches text from its beginning; $ or a last * may end it. */
static bool matches_here(const char *pattern, const char *text)
{
    const char *star = NULL, *again = NULL;
    while (true) {
        if (!*pattern || (*pattern == '$' && !pattern[1] && !*text))
            return true;
        if (*pattern == '*') {
            star = ++pattern;
            again = text;
        } else if (*text && *pattern == *text) {
            pattern++;
            text++;
        } else if (star && *again) {
            pattern = star;
            text = ++again;
        } else {
            return false;
        }
    }
}

bool ilv__pattern_matches(const char *pattern, const char *text)
{
    if (*pattern == '^')
        return matches_here(pattern + 1, text);
    do {
        if (matches_here(pattern, text))
            return true;
    } while (*text++);
    return false;
}

bool ilv_filter_suppresses(const struct ilv_filter *filter, unsigned verdict, const char *name)
{
    for (size_t i = 0; i < filter->suppression_count; i++) {
        const struct ilv_suppression *s = &filter->suppression[i];
        if ((s->verdicts & BIT(verdict)) && ilv__pattern_matches(s->pattern, name))
            return true;
    }
    return false;
}
