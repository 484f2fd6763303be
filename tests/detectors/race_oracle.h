/* SPDX-License-Identifier: MIT */
/*
 * race_oracle.h: what races, by the definition: a graph of all operations of a short run, with an
 * edge for each way in which one is ordered before another, and no clocks. For judging the race
 * detector.
 */
#ifndef RACE_ORACLE_H
#define RACE_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#define ORACLE_OPS 256u
#define ORACLE_ACTORS 64u

enum race_op_kind {
    OP_ACCESS, /* plain */
    OP_ATOMIC,
    OP_FENCE,
    OP_RELEASE, /* into a channel: whatever has a number */
    OP_ACQUIRE,
    OP_REPLACE,
    OP_RELEASE_AT, /* annotations at an address */
    OP_ACQUIRE_AT,
    OP_REPLACE_AT,
    OP_CREATE,
    OP_JOIN,
    OP_FRESH
};

struct race_op {
    enum race_op_kind kind;
    unsigned actor; /* a task that once lived: indices may be used again, these are not */
    unsigned other; /* of create and join */
    unsigned channel;
    unsigned event; /* the step by which the detector is told; 0: by a call */
    unsigned order;
    uint64_t address;
    unsigned size; /* at most 64 */
    unsigned what; /* ILV_RACE_* */
    bool reads;
    unsigned step;
};

/* The number of operations so far, and each of them. */
unsigned oracle_count(void);
const struct race_op *oracle_op(unsigned i);

void oracle_begin(void);
/* The next operation. Returns its number. */
unsigned oracle_add(const struct race_op *op);
/* Whether a and b, a < b, race in one of these bytes. */
bool oracle_race(unsigned a, unsigned b, uint64_t address, unsigned size);

#endif
