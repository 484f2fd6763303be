/* SPDX-License-Identifier: MIT */
/* Functions of a module, and the variables in their frames. */
#include <stdio.h>
#include <string.h>

#include "fixtures.h"
#include "ilv_test.h"

/* `job.number@locals` is told as `job.number of locals()`. */
static const char *spelled(const struct fact *fact, char *out, size_t size)
{
    const char *at = strchr(fact->name, '@');
    snprintf(out, size, "%.*s of %s()", (int)(at - fact->name), fact->name, at + 1);
    return out;
}

static const char *name_of(struct fixture *f, const struct fact *fact, int64_t further)
{
    return ilv_symbols_local(f->symbols, 1, fact->offset, fact->sp + further, fact->bp + further,
                             fact->size);
}

/* How many of these have a name: it is their own. */
static unsigned named(struct fixture *f, const char *what)
{
    unsigned count = 0;
    char expected[256];
    for (unsigned i = 0; i < f->fact_count; i++) {
        const struct fact *fact = &f->fact[i];
        const char *name = strcmp(fact->what, what) == 0 ? name_of(f, fact, 0) : NULL;
        if (name == NULL)
            continue;
        ILV_CHECK_STR(name, spelled(fact, expected, sizeof expected));
        count++;
    }
    return count;
}

static void check_plain(struct fixture *f)
{
    ILV_CHECK_INT(named(f, "local"), 4);
    ILV_CHECK_INT(named(f, "parameter"), 1);
    ILV_CHECK(named(f, "shared") != 1);
}

/* A variable may be elsewhere for some of the time. */
static void check_optimised(struct fixture *f)
{
    ILV_CHECK(named(f, "local") >= 3);
    ILV_CHECK(named(f, "parameter") <= 1);
    ILV_CHECK(named(f, "shared") != 1);
}

static void locals_are_named_after_variable_and_function(void)
{
    fixture_each("O0", check_plain);
}

static void optimised_locals_have_their_name_or_none(void)
{
    fixture_each("O2", check_optimised);
    fixture_each("fixed", check_optimised);
}

static void check_outside(struct fixture *f)
{
    for (unsigned i = 0; i < f->fact_count; i++) {
        if (strcmp(f->fact[i].what, "local") != 0)
            continue;
        ILV_CHECK(name_of(f, &f->fact[i], 4096) == NULL);
        ILV_CHECK(name_of(f, &f->fact[i], -4096) == NULL);
        ILV_CHECK(ilv_symbols_local(f->symbols, 0, f->fact[i].offset, 0, 0, 8) == NULL);
        ILV_CHECK(ilv_symbols_local(f->symbols, 2, f->fact[i].offset, 0, 0, 8) == NULL);
        ILV_CHECK(ilv_symbols_local(f->symbols, 1, 0, 0, 0, 8) == NULL);
        ILV_CHECK(ilv_symbols_local(f->symbols, 1, UINT64_C(1) << 40, 0, 0, 8) == NULL);
    }
}

static void what_is_no_local_has_no_name(void)
{
    fixture_each("O0", check_outside);
    fixture_each("O2", check_outside);
}

static void check_nameless(struct fixture *f)
{
    for (unsigned i = 0; i < f->fact_count; i++) {
        if (strcmp(f->fact[i].what, "local") == 0)
            ILV_CHECK(name_of(f, &f->fact[i], 0) == NULL);
    }
}

static void without_debug_information_locals_have_no_names(void)
{
    fixture_each("names", check_nameless);
    fixture_each("stripped", check_nameless);
}

/* --- functions */

struct visits {
    const struct fixture *fixture;
    bool lines; /* there is debugging information */
    unsigned count, most, known;
    uint64_t last;
};

static bool visit(const struct ilv_function *function, void *context)
{
    struct visits *v = context;
    v->count++;
    ILV_CHECK(function->name != NULL && function->from < function->to);
    ILV_CHECK(v->count == 1 || function->from >= v->last);
    ILV_CHECK_STR(function->module, strrchr(v->fixture->module.path, '/') + 1);
    v->last = function->from;
    bool ours = !strcmp(function->name, "worker") || !strcmp(function->name, "locals");
    v->known += ours;
    if (ours && v->lines)
        ILV_CHECK_STR(function->file, "tests/symbols/fixture.c");
    return v->count != v->most;
}

static struct visits visited(struct fixture *f, uint32_t module, unsigned most, bool ended)
{
    struct visits v = {.fixture = f, .most = most};
    v.lines = ilv_symbols_state(f->symbols, 1) == ILV_SYMBOLS_LINES;
    ILV_CHECK_INT(ilv_symbols_functions(f->symbols, module, visit, &v), ended);
    return v;
}

static void check_functions(struct fixture *f)
{
    struct visits all = visited(f, 1, 0, true);
    ILV_CHECK_INT(all.known, 2);
    ILV_CHECK(all.count >= 5);
    ILV_CHECK_INT(visited(f, 1, 2, false).count, 2);
    ILV_CHECK_INT(visited(f, 0, 0, true).count, 0);
    ILV_CHECK_INT(visited(f, 2, 0, true).count, 0);
}

static void functions_are_visited_in_order_until_it_is_enough(void)
{
    fixture_each("O0", check_functions);
    fixture_each("O2", check_functions);
    fixture_each("names", check_functions);
}

static void check_no_functions(struct fixture *f)
{
    ILV_CHECK_INT(visited(f, 1, 0, true).count, 0);
}

static void a_stripped_program_has_no_functions(void)
{
    fixture_each("stripped", check_no_functions);
}

ILV_SUITE(local, ILV_TEST(locals_are_named_after_variable_and_function),
          ILV_TEST(optimised_locals_have_their_name_or_none),
          ILV_TEST(what_is_no_local_has_no_name),
          ILV_TEST(without_debug_information_locals_have_no_names),
          ILV_TEST(functions_are_visited_in_order_until_it_is_enough),
          ILV_TEST(a_stripped_program_has_no_functions));
