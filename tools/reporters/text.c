/* SPDX-License-Identifier: MIT */
/*
 * text.c: the story. First what happened, then what is wrong with it in words, what that means in
 * the source, what else was noticed, and how to see it again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define MAX_LINES 10u

struct story {
    const struct ilv__tale *tale;
    FILE *out;
};

static const char *paint(const struct story *s, const char *code)
{
    return s->tale->report->options.colour ? code : "";
}

/* A paragraph: the first line is indented by `indent`, the others by two more. */
static void put_wrapped(const struct story *s, unsigned indent, const char *text)
{
    size_t width = ilv__width(s->tale);
    size_t used = 0;
    for (const char *word = text; *word != '\0';) {
        size_t length = strcspn(word, " ");
        bool fits = used > 0 && used + 1 + length <= width;
        if (!fits)
            used = (size_t)fprintf(s->out, "%s%*s", used > 0 ? "\n" : "",
                                   (int)(used > 0 ? indent + 2 : indent), "") -
                   (used > 0 ? 1 : 0);
        else
            used += (size_t)fprintf(s->out, " ");
        used += (size_t)fprintf(s->out, "%.*s", (int)length, word);
        word += length + strspn(word + length, " ");
    }
    fputc('\n', s->out);
}

static void tell_headline(const struct story *s, const struct ilv_finding *f)
{
    char text[4 * ILV__PHRASE_SIZE];
    bool bad = ilv_verdict_class(f->verdict) == ILV_ERROR;
    fputs(paint(s, bad ? "\033[1;31m" : "\033[1m"), s->out);
    put_wrapped(s, 0, ilv__headline(s->tale, f, text, sizeof text));
    fputs(paint(s, "\033[0m"), s->out);
}

static bool has_stack(const struct ilv_finding *f)
{
    return f->verdict == ILV_VERDICT_CRASH || f->kind == ILV_KIND_ASSERT ||
           f->kind == ILV_KIND_ILV_CHECK || f->verdict == ILV_VERDICT_LIMITED;
}

/* What is not an operation is told by the stack instead. */
static bool tells(const struct ilv_finding *f, const struct ilv_part *part)
{
    bool deed = part->role == ILV_ROLE_DID && part->step == 0;
    return part->role != ILV_ROLE_NONE && !(deed && has_stack(f));
}

static void tell_parts(const struct story *s, const struct ilv_finding *f)
{
    char text[4 * ILV__PHRASE_SIZE];
    for (unsigned i = 0; i < ilv__parts(f);) {
        bool told = tells(f, &f->part[i]);
        ilv__part_sentence(s->tale, f, &i, text, sizeof text);
        if (told)
            put_wrapped(s, 2, text);
    }
}

/* Where the sentences do not hold the finding's own text. */
static void tell_text(const struct story *s, const struct ilv_finding *f)
{
    char line[4 * ILV__PHRASE_SIZE];
    char text[sizeof f->text + 1];
    snprintf(text, sizeof text, "%.*s", (int)sizeof f->text, f->text);
    ilv__headline(s->tale, f, line, sizeof line);
    if (text[0] != '\0' && strstr(line, ilv__clean(text)) == NULL)
        put_wrapped(s, 2, text);
}

static bool is_race(const struct ilv_finding *f)
{
    return f->verdict == ILV_VERDICT_DATA_RACE || f->verdict == ILV_VERDICT_UNSURE_RACE;
}

/* Of a race both stacks, and what would have ordered the accesses. */
static void tell_race(const struct story *s, const struct ilv_finding *f)
{
    char text[4 * ILV__PHRASE_SIZE];
    ilv__race_locks(s->tale, f, text, sizeof text);
    if (text[0] != '\0')
        put_wrapped(s, 2, text);
    for (unsigned i = 0; i < ilv__parts(f); i++)
        if (f->part[i].site != 0)
            ilv__stack_write(s->tale, &f->part[i], s->out);
}

static void tell_stack(const struct story *s, const struct ilv_finding *f)
{
    if (is_race(f))
        tell_race(s, f);
    else if (has_stack(f) && ilv__parts(f) > 0)
        ilv__stack_write(s->tale, &f->part[0], s->out);
}

/* Whether part i names an object that has to be told by its making. */
static bool is_nameless(const struct story *s, const struct ilv_finding *f, unsigned i)
{
    const struct ilv_step there = {.site = f->part[i].site};
    if (ilv__waits_inside(s->tale, &f->part[i]) || ilv__is_of_library(s->tale, &there))
        return false;
    uint32_t o = f->part[i].object;
    char place[ILV__PHRASE_SIZE];
    return o != 0 && o < s->tale->object_count && ilv__is_meeting_place(s->tale, o) &&
           ilv__object_symbol(s->tale, o) == NULL &&
           ilv__place_name(s->tale, s->tale->run->object[o].site, place, sizeof place)[0] != '\0';
}

static bool made_together(const struct story *s, uint32_t a, uint32_t b)
{
    const struct ilv_object_info *x = &s->tale->run->object[a];
    const struct ilv_object_info *y = &s->tale->run->object[b];
    return x->cls == y->cls && x->site == y->site && x->creator == y->creator;
}

static bool was_told(const struct story *s, const struct ilv_finding *f, unsigned part)
{
    for (unsigned i = 0; i < part; i++)
        if (is_nameless(s, f, i) && made_together(s, f->part[i].object, f->part[part].object))
            return true;
    return false;
}

static bool names_before(const struct ilv_finding *f, unsigned part)
{
    for (unsigned i = 0; i < part; i++)
        if (f->part[i].object == f->part[part].object)
            return true;
    return false;
}

/* `M1, M2: mutex, made or first used by T0 (queue.c:17)` */
static void tell_making(const struct story *s, const struct ilv_finding *f, unsigned first)
{
    char text[4 * ILV__PHRASE_SIZE];
    char name[ILV__PHRASE_SIZE];
    struct ilv__line line = ilv__line(text, sizeof text);
    uint32_t object = f->part[first].object;
    const struct ilv_object_info *info = &s->tale->run->object[object];
    for (unsigned i = first; i < ilv__parts(f); i++)
        if (is_nameless(s, f, i) && made_together(s, f->part[i].object, object) &&
            !names_before(f, i))
            ilv__add(&line, "%s%s", i > first ? ", " : "",
                     ilv__object_name(s->tale, f->part[i].object, name, sizeof name));
    bool block = info->cls == ILV_CLASS_MEMORY && info->flags == ILV_LOCATION_HEAP;
    if (block)
        ilv__add(&line, ": in a block of %u bytes%s, allocated by %s", info->size,
                 info->size == UINT16_MAX ? " or more" : "",
                 ilv__task_name(s->tale, info->creator, name, sizeof name));
    else
        ilv__add(&line, ": %s, made or first used by %s", ilv_class_word(info->cls),
                 ilv__task_name(s->tale, info->creator, name, sizeof name));
    ilv__add(&line, " (%s)", ilv__place_name(s->tale, info->site, name, sizeof name));
    put_wrapped(s, 2, text);
}

/* Objects without a symbol are told by their making. */
static void tell_objects(const struct story *s, const struct ilv_finding *f)
{
    for (unsigned i = 0; i < ilv__parts(f); i++)
        if (is_nameless(s, f, i) && !was_told(s, f, i))
            tell_making(s, f, i);
}

/* The source lines that the finding names, each once. */
struct quotes {
    struct ilv_place place[MAX_LINES];
    unsigned count;
};

static void collect(const struct story *s, struct quotes *q, uint32_t site)
{
    struct ilv_place place;
    if (q->count == MAX_LINES || !ilv__place(s->tale, site, &place) || place.file == NULL ||
        ilv_symbols_source(s->tale->report->symbols, &place) == NULL)
        return;
    for (unsigned i = 0; i < q->count; i++)
        if (q->place[i].line == place.line && strcmp(q->place[i].file, place.file) == 0)
            return;
    q->place[q->count++] = place;
}

static void tell_source(const struct story *s, const struct ilv_finding *f)
{
    struct quotes q = {.count = 0};
    int width = 0;
    for (unsigned i = 0; i < ilv__parts(f); i++)
        collect(s, &q, f->part[i].site);
    for (unsigned i = 0; i < q.count; i++) {
        int length = snprintf(NULL, 0, "%s:%u", q.place[i].file, q.place[i].line);
        width = length > width ? length : width;
    }
    fputs(q.count > 0 ? "\n" : "", s->out);
    for (unsigned i = 0; i < q.count; i++) {
        char where[ILV__PHRASE_SIZE];
        char text[ILV__PHRASE_SIZE];
        snprintf(where, sizeof where, "%s:%u", q.place[i].file, q.place[i].line);
        snprintf(text, sizeof text, "%s",
                 ilv_symbols_source(s->tale->report->symbols, &q.place[i]));
        fprintf(s->out, "  %s%-*s%s  %s\n", paint(s, "\033[2m"), width, where, paint(s, "\033[0m"),
                ilv__clean(text));
    }
}

/* What the program said last, where its own words explain its end; all of it where that is asked
 * for. */
static void tell_output(const struct story *s, const struct ilv_finding *f)
{
    bool speaks = f != NULL && f->kind != ILV_KIND_ASSERT &&
                  (f->verdict == ILV_VERDICT_EXIT_STATUS || f->verdict == ILV_VERDICT_CRASH ||
                   f->verdict == ILV_VERDICT_INVARIANT);
    if (s->tale->report->options.output)
        ilv__output_write(s->tale, s->out);
    else if (speaks)
        ilv__output_write_last(s->tale, s->out);
}

static void tell_finding(const struct story *s)
{
    const struct ilv_finding *f = s->tale->finding;
    if (f == NULL) {
        fputs("nothing found in this run\n", s->out);
        tell_output(s, NULL);
        return;
    }
    tell_headline(s, f);
    tell_parts(s, f);
    tell_text(s, f);
    tell_stack(s, f);
    tell_output(s, f);
    tell_objects(s, f);
    if (!s->tale->report->options.no_source)
        tell_source(s, f);
}

static void tell_others(const struct story *s)
{
    char text[4 * ILV__PHRASE_SIZE];
    struct ilv__line line;
    bool first = true;
    for (uint32_t i = 0; i < s->tale->finding_count; i++) {
        const struct ilv_finding *f = &s->tale->findings[i];
        if (f == s->tale->finding)
            continue;
        fputs(first ? "\n" : "", s->out);
        first = false;
        line = ilv__line(text, sizeof text);
        ilv__add(&line, "also ");
        ilv__summary(s->tale, f, text + line.used, sizeof text - line.used);
        put_wrapped(s, 0, text);
    }
}

static void tell_last(const struct story *s)
{
    char text[ILV__PHRASE_SIZE];
    ilv__timing(s->tale, text, sizeof text);
    const char *replay = s->tale->report->replay;
    if (text[0] != '\0' || replay != NULL)
        fputc('\n', s->out);
    if (text[0] != '\0')
        put_wrapped(s, 0, text);
    if (replay != NULL)
        fprintf(s->out, "replay: %s%s%s\n", paint(s, "\033[1m"), replay, paint(s, "\033[0m"));
}

static void tell(const struct story *s, const struct ilv__selection *selection)
{
    ilv__table_write(s->tale, selection, s->out);
    if (selection->count > 0)
        fputc('\n', s->out);
    tell_finding(s);
    tell_others(s);
    tell_last(s);
}

static int write_text(const struct ilv_report *report, FILE *out)
{
    struct ilv__tale tale;
    struct ilv__selection selection = {0};
    struct story story = {&tale, out};
    int error = ilv__tale_begin(&tale, report);
    if (error == 0)
        error = ilv__select(&tale, &selection);
    if (error == 0)
        tell(&story, &selection);
    ilv__selection_free(&selection);
    ilv__tale_end(&tale);
    if (error == 0 && (fflush(out) != 0 || ferror(out)))
        error = errno != 0 ? -errno : -EIO;
    return error;
}

extern const struct ilv_reporter ilv__reporter_text;
const struct ilv_reporter ilv__reporter_text = {
    .name = "text",
    .gloss = "the story: one column per task, only the steps that matter",
    .write = write_text,
};
