/* SPDX-License-Identifier: MIT */
/*
 * --points: which accesses of instrumented code are points. A list of patterns, separated by
 * commas; each matches any part of a function, source file or module, as suppressions do (`*`, `^`,
 * `$`), and `!` in front of it takes such code out again. Only with `!` patterns, all other code is
 * in.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "symbols.h"

struct choice {
    const char *patterns;
    struct ilv_block *block;
    uint32_t module;
};

/* Whether a name of the function matches the pattern of this length. */
static bool hits(const char *pattern, size_t length, const struct ilv_function *f)
{
    char *copy = strndup(pattern, length);
    const char *const name[] = {f->name, f->file, f->module};
    bool hit = false;
    for (size_t i = 0; copy && i < sizeof name / sizeof *name; i++)
        hit = hit || (name[i] && ilv__pattern_matches(copy, name[i]));
    free(copy);
    return hit;
}

static bool chosen(const char *patterns, const struct ilv_function *f)
{
    bool wanted = false, any_wanted = false;
    for (const char *p = patterns; *p;) {
        size_t length = strcspn(p, ",");
        if (*p == '!') {
            if (hits(p + 1, length - 1, f))
                return false;
        } else {
            any_wanted = true;
            wanted = wanted || hits(p, length, f);
        }
        p += length + (p[length] == ',');
    }
    return wanted || !any_wanted;
}

static bool add(const struct ilv_function *f, void *context)
{
    const struct choice *c = context;
    if (!chosen(c->patterns, f))
        return true;
    if (c->block->code_count == ILV_MAX_CODE)
        return false;
    c->block->code[c->block->code_count++] =
        (struct ilv_code){ilv_frame(c->module, f->from), ilv_frame(c->module, f->to)};
    return true;
}

static int by_start(const void *a, const void *b)
{
    const struct ilv_code *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

/* Sorted, and none within another. */
static void put_in_order(struct ilv_block *block)
{
    uint32_t kept = 0;
    qsort(block->code, block->code_count, sizeof *block->code, by_start);
    for (uint32_t i = 0; i < block->code_count; i++) {
        const struct ilv_code *c = &block->code[i];
        if (kept > 0 && c->from < block->code[kept - 1].to) {
            if (c->to > block->code[kept - 1].to)
                block->code[kept - 1].to = c->to;
        } else {
            block->code[kept++] = *c;
        }
    }
    block->code_count = kept;
}

int ilv__points_fill(const struct ilv_world *world, struct ilv_block *block, char *error,
                     size_t size)
{
    bool enough = true;
    block->code_count = 0;
    if (!world->points || !strcmp(world->points, ILV_POINTS_WORD_ALL))
        return 0;
    uint32_t count = block->run.module_count;
    if (count > ILV_MAX_MODULES)
        count = 0;
    struct ilv_symbols *symbols = ilv_symbols_open(block->run.module, count);
    for (uint32_t m = 1; enough && m <= count; m++) {
        struct choice c = {world->points, block, m};
        enough = ilv_symbols_functions(symbols, m, add, &c);
    }
    ilv_symbols_close(symbols);
    put_in_order(block);
    if (enough && block->code_count > 0)
        return 0;
    snprintf(error, size,
             enough ? "--points '%s' matches no function of %s; give a part of the name of a "
                      "function, source "
                      "file or module"
                    : "--points '%s' matches too many functions of %s; narrow it",
             world->points, world->argv[0]);
    return -EINVAL;
}
