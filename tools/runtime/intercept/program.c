/* SPDX-License-Identifier: MIT */
/*
 * program.c: the doors by which a program speaks of itself (interleave.h), and the assertions
 * that it fails.
 */
#include "intercept/doors.h"
#include "server.h"

#include <string.h>

/* Joins what and where as "what (file:line)" into a text of fixed size. */
static void describe(char *out, size_t size, const char *what, const char *file, unsigned line)
{
    char digits[12];
    size_t n = sizeof digits - 1;
    size_t at = 0;
    digits[n] = 0;
    do {
        digits[--n] = (char)('0' + line % 10);
        line /= 10;
    } while (line != 0);
    const char *const parts[] = {what, " (", file != NULL ? file : "?", ":", &digits[n], ")"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (const char *p = parts[i]; *p != 0 && at + 1 < size; p++)
            out[at++] = *p;
    out[at] = 0;
}

static void report_invariant(unsigned kind, const char *what, const char *file, unsigned line)
{
    char text[160];
    describe(text, sizeof text, what, file, line);
    ilv__report(ILV_VERDICT_INVARIANT, kind, 0, text);
}

/* The message of a failed assertion goes to the program's output, as natively. */
static void print_assertion(const char *text)
{
    ilv__output(text, strlen(text));
    ilv__output("\n", 1);
}

void ilv_door___assert_fail(const char *assertion, const char *file, unsigned line,
                            const char *function)
{
    if (!ilv__managed() || !ilv__world.active)
        ilv__real()->__assert_fail(assertion, file, line, function);
    char text[160];
    ilv__enter();
    describe(text, sizeof text, assertion, file, line);
    print_assertion(text);
    ilv__report(ILV_VERDICT_INVARIANT, ILV_KIND_ASSERT, 0, text);
}

void ilv_door_ilv_program_check(const char *condition, const char *file, int line)
{
    if (!ilv__managed() || !ilv__world.active)
        return;
    ilv__enter();
    report_invariant(ILV_KIND_ILV_CHECK, condition, file, (unsigned)line);
    ilv__exit();
}

void ilv_door_ilv_program_point(void)
{
    if (!ilv__managed())
        return;
    ilv__enter();
    ilv__simple(ILV_EV_PROGRAM_POINT, 0, 0);
    ilv__exit();
}

void ilv_door_ilv_program_start(void)
{
    const struct world *w = &ilv__world;
    if (!ilv__managed() || w->active || w->block->config.start != ILV_START_SYMBOL ||
        strcmp(w->block->config.start_symbol, ILV_START_BY_CALL) != 0)
        return;
    ilv__serve();
}

/* The name is kept with the object of any class that stands there, now or later. */
void ilv_door_ilv_program_name(const void *object, const char *name)
{
    if (ilv__managed())
        ilv__object_name_set(object, name);
}
