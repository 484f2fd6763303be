/* SPDX-License-Identifier: MIT */
/*
 * stack.c: the stack of a site, one frame a line. Frames that come again and again, one function
 * that calls itself or a few that call each other, are told once and counted.
 */
#include <string.h>

#include "internal.h"

#define MAX_STACK 64u
#define LONGEST_ROUND 4u /* functions that call each other in turn */
#define FEWEST_ROUNDS 3u /* as many are told in full */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_place(const struct ilv_place *a, const struct ilv_place *b)
{
    bool same_code = a->function != NULL ? a->line == b->line : a->offset == b->offset;
    return same_code && same_text(a->function, b->function) && same_text(a->file, b->file) &&
           same_text(a->module, b->module);
}

/* How many frames behind a round of this length at the head go on with it. */
static uint32_t going_on(const struct ilv_place *place, uint32_t count, uint32_t length)
{
    uint32_t n = length;
    while (n < count && same_place(&place[n], &place[n - length]))
        n++;
    return n - length;
}

/* The length of the round that the frames begin with, 0 if there is none; the frames that go on
 * with it go to more. */
static uint32_t round_of(const struct ilv_place *place, uint32_t count, uint32_t *more)
{
    for (uint32_t length = 1; length <= LONGEST_ROUND && length < count; length++) {
        *more = going_on(place, count, length);
        if (*more >= FEWEST_ROUNDS * length)
            return length;
    }
    return 0;
}

static void add_function(struct ilv__line *line, const struct ilv_place *place)
{
    if (place->function != NULL)
        ilv__add(line, "%s()", place->function);
    else
        ilv__add(line, "%s+0x%jx", place->module != NULL ? place->module : "?",
                 (uintmax_t)place->offset);
}

static void put_frame(const struct ilv_place *place, FILE *out)
{
    char text[2 * ILV__PHRASE_SIZE];
    struct ilv__line line = ilv__line(text, sizeof text);
    add_function(&line, place);
    if (place->file != NULL)
        ilv__add(&line, " at %s:%u", place->file, place->line);
    else if (place->function != NULL && place->module != NULL)
        ilv__add(&line, " in %s", place->module);
    fprintf(out, "    %s\n", ilv__clean(text));
}

/* `... 30 more of ping(), pong()` */
static void put_more(const struct ilv_place *turn, uint32_t length, uint32_t more, bool cut,
                     FILE *out)
{
    char text[2 * ILV__PHRASE_SIZE];
    struct ilv__line line = ilv__line(text, sizeof text);
    ilv__add(&line, "... %s%u more of ", cut ? "at least " : "", more);
    for (uint32_t i = 0; i < length; i++) {
        ilv__add(&line, "%s", i > 0 ? ", " : "");
        add_function(&line, &turn[i]);
    }
    fprintf(out, "    %s\n", ilv__clean(text));
}

static void put_frames(const struct ilv_place *place, uint32_t count, bool cut, FILE *out)
{
    uint32_t more = 0;
    for (uint32_t i = 0; i < count;) {
        uint32_t length = round_of(&place[i], count - i, &more);
        uint32_t told = length > 0 ? length : 1;
        for (uint32_t j = 0; j < told; j++)
            put_frame(&place[i + j], out);
        i += told;
        if (length > 0) {
            bool at_end = i + more == count;
            put_more(&place[i - length], length, more, cut && at_end, out);
            cut = cut && !at_end;
            i += more;
        }
    }
    if (cut)
        fputs("    ...\n", out);
}

/* Whether more was on the stack than was kept: all entries are used, and the last one is of
 * nothing that a thread begins with. */
static bool is_cut(const struct ilv__tale *tale, const struct ilv_site *site)
{
    const struct ilv_site last = {.frame = {site->frame[ILV_SITE_DEPTH - 1]}};
    struct ilv_place place[MAX_STACK];
    if (last.frame[0] == 0)
        return false;
    uint32_t count = ilv_symbols_stack(tale->report->symbols, &last, place, MAX_STACK);
    if (count == 0)
        return true;
    const struct ilv_place *outermost = &place[count - 1];
    return !outermost->system && !same_text(outermost->function, "main");
}

void ilv__stack_write(const struct ilv__tale *tale, const struct ilv_part *part, FILE *out)
{
    struct ilv_place place[MAX_STACK];
    char name[ILV__PHRASE_SIZE];
    if (part->site == 0 || part->site >= tale->site_count)
        return;
    const struct ilv_site *site = &tale->run->site[part->site];
    uint32_t count = ilv_symbols_stack(tale->report->symbols, site, place, MAX_STACK);
    if (count == 0)
        return;
    fprintf(out, "  stack of %s:\n", ilv__task_name(tale, part->task, name, sizeof name));
    put_frames(place, count, is_cut(tale, site) || count == MAX_STACK, out);
}
