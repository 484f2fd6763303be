/* SPDX-License-Identifier: MIT */
/*
 * calls.c: what happened inside our primitives, told as what the program called.
 *
 * A user knows `ilv_queue_put(orders)`, and not the lock, the words and the futex that it is made
 * of. So a story shows one row for a call, however many steps it has, and two for each time that
 * the task had to wait in it (merge.c). Some steps keep their own words: those about tasks
 * (created, joined), those of a mutex that the program locks as such, and accesses that race. What
 * a thread of the library does by itself is not told, but that it came and went. `interleave show`
 * tells every step as it is.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define MAX_STACK 64u

enum where {
    UNKNOWN, /* not looked at so far */
    OUTSIDE, /* in the program, or in what else it is made of */
    CALLED,  /* in a function of the library that the program called */
    OWN,     /* in the library, and the program did not call it */
};

struct ilv__call {
    enum where where;
    const char *function;     /* CALLED */
    struct ilv_place program; /* ... the place of the call */
};

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* How many of the frames, innermost first, the program did not write. */
static uint32_t below_program(const struct ilv_place *place, uint32_t count)
{
    uint32_t i = 0;
    while (i < count && place[i].system)
        i++;
    return i;
}

/* The call of a stack whose `own` inner frames are not the program's. What the C library calls,
 * such as a handler of exit, was called by nobody; a function without a public name was reached
 * in a way that cannot be told. */
static struct ilv__call call_of(const struct ilv_place *place, uint32_t own, uint32_t count,
                                bool cut)
{
    uint32_t first = 0;
    while (first < own && !place[first].primitives)
        first++;
    if (first == own || (own == count && cut))
        return (struct ilv__call){.where = OUTSIDE};
    const struct ilv_place *last = &place[own - 1];
    if (own == count || !last->primitives)
        return (struct ilv__call){.where = OWN};
    bool public = last->function != NULL && begins(last->function, "ilv_") &&
                  !begins(last->function, "ilv__");
    if (!public)
        return (struct ilv__call){.where = OUTSIDE};
    return (struct ilv__call){CALLED, last->function, place[own]};
}

static const struct ilv__call *call_at(const struct ilv__tale *tale, uint32_t site)
{
    static const struct ilv__call outside = {.where = OUTSIDE};
    struct ilv_place place[MAX_STACK];
    if (site == 0 || site >= tale->site_count)
        return &outside;
    struct ilv__call *call = &tale->call[site];
    if (call->where == UNKNOWN) {
        const struct ilv_site *stack = &tale->run->site[site];
        uint32_t count = ilv_symbols_stack(tale->report->symbols, stack, place, MAX_STACK);
        bool cut = stack->frame[ILV_SITE_DEPTH - 1] != 0 || count == MAX_STACK;
        *call = call_of(place, below_program(place, count), count, cut);
    }
    return call;
}

int ilv__calls_begin(struct ilv__tale *tale)
{
    tale->call = calloc(tale->site_count + 1, sizeof *tale->call);
    return tale->call != NULL ? 0 : -1;
}

void ilv__calls_end(struct ilv__tale *tale)
{
    free(tale->call);
    tale->call = NULL;
}

/* Whether the step is one of a mutex that the program locks as such. */
static bool is_of_lock(const struct ilv__tale *tale, const struct ilv_step *step,
                       const char *function)
{
    static const char *const locks[] = {"ilv_mutex_", "ilv_rlock_", "ilv_condition_"};
    if (step->object == 0 || step->object >= tale->object_count ||
        tale->run->object[step->object].cls != ILV_CLASS_MUTEX)
        return false;
    for (unsigned i = 0; i < sizeof locks / sizeof locks[0]; i++)
        if (begins(function, locks[i]))
            return true;
    return false;
}

bool ilv__is_in_call(const struct ilv__tale *tale, const struct ilv_step *step)
{
    return call_at(tale, step->site)->where == CALLED;
}

bool ilv__is_told_by_call(const struct ilv__tale *tale, const struct ilv_step *step)
{
    const struct ilv__call *call = call_at(tale, step->site);
    return call->where == CALLED && ilv__object_task(tale, step->object) < 0 &&
           !is_of_lock(tale, step, call->function);
}

bool ilv__is_of_library(const struct ilv__tale *tale, const struct ilv_step *step)
{
    return call_at(tale, step->site)->where == OWN;
}

bool ilv__is_within(const struct ilv__tale *tale, uint32_t site)
{
    struct ilv_place place;
    return ilv__place(tale, site, &place) && place.primitives;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool ilv__is_same_call(const struct ilv__tale *tale, uint32_t a, uint32_t b)
{
    const struct ilv__call *x = call_at(tale, a);
    const struct ilv__call *y = call_at(tale, b);
    return x == y ||
           (x->where == CALLED && y->where == CALLED && same_text(x->function, y->function) &&
            same_text(x->program.file, y->program.file) && x->program.line == y->program.line &&
            (x->program.line != 0 || x->program.offset == y->program.offset));
}

const char *ilv__called_on(const struct ilv__tale *tale, const struct ilv_step *step)
{
    if (step->object == 0 || step->object >= tale->object_count)
        return NULL;
    const struct ilv_object_info *info = &tale->run->object[step->object];
    return ilv_symbols_primitive(tale->report->symbols, info->module, info->offset);
}

void ilv__add_call(struct ilv__line *line, const struct ilv__tale *tale,
                   const struct ilv_step *step)
{
    const char *on = ilv__called_on(tale, step);
    ilv__add(line, "%s(%s)", call_at(tale, step->site)->function, on != NULL ? on : "");
}

bool ilv__waits_inside(const struct ilv__tale *tale, const struct ilv_part *part)
{
    const struct ilv_step step = {.object = part->object, .site = part->site};
    bool lock = part->object != 0 && part->object < tale->object_count &&
                tale->run->object[part->object].cls == ILV_CLASS_MUTEX;
    return part->role == ILV_ROLE_WAITS && !lock &&
           (ilv__is_told_by_call(tale, &step) || ilv__is_of_library(tale, &step));
}

void ilv__add_wait(struct ilv__line *line, const struct ilv__tale *tale,
                   const struct ilv_part *part)
{
    const struct ilv_step step = {.object = part->object, .site = part->site};
    ilv__add(line, "waits in ");
    if (ilv__is_of_library(tale, &step))
        ilv__add(line, "libilv");
    else
        ilv__add_call(line, tale, &step);
}
