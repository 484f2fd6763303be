/* SPDX-License-Identifier: MIT */
/* fixtures.h: the fixture programs, and what they say about themselves when they are run. */
#ifndef ILV_FIXTURES_H
#define ILV_FIXTURES_H

#include "symbols.h"

struct fact {
    char what[16];  /* data, code, inline, local */
    char name[128]; /* expected */
    uint32_t line;  /* of code */
    uint64_t offset;
    uint32_t size;  /* of data and locals */
    int64_t sp, bp; /* of locals: how far behind the registers; offset is that of the code */
};

struct fixture {
    struct ilv_module module;
    struct ilv_symbols *symbols; /* of this one module */
    struct fact fact[64];
    unsigned fact_count;
};

/* Runs fixture-<compiler>-<variant> and opens its symbols. Returns false if it was not built,
 * for want of the compiler. */
bool fixture_open(struct fixture *fixture, const char *compiler, const char *variant);
void fixture_close(struct fixture *fixture);

/* The module as a run would have recorded it. */
struct ilv_module fixture_module(const char *compiler, const char *variant);

/* Calls check with each compiler's fixture of this variant; skips the test if there is none. */
void fixture_each(const char *variant, void (*check)(struct fixture *fixture));

#endif
