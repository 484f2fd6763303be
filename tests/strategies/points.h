/* SPDX-License-Identifier: MIT */
/* points.h: hand-made points, and counting what a strategy picks. */
#ifndef POINTS_H
#define POINTS_H

#include "strategy.h"

#define POINTS_MAX (2 * ILV_MAX_TASKS)

/* A strategy with its state between guard bytes. */
struct subject {
    const struct ilv_strategy *strategy;
    _Alignas(64) uint8_t before[64];
    uint8_t state[ILV_STRATEGY_STATE];
    uint8_t after[64];
};

/* Begins with a state full of `fill`. */
void subject_begin(struct subject *s, const struct ilv_plan *plan, int fill);
bool subject_guards_hold(const struct subject *s);

/* Candidates of a point, one per text entry: "r" run, "x" expire, "s" signal, "w" wake; entry i
 * is task i. current as in ilv_point. All have made no step. */
struct point {
    struct ilv_candidate candidate[16];
    struct ilv_op op[16];
    struct ilv_point point;
};
void point_make(struct point *p, const char *hows, int current);
uint32_t point_ask(struct subject *s, struct point *p);

/* sum of (seen - expected)^2 / expected. weights need not add up to anything. */
double chi_square(const unsigned *seen, const double *weights, unsigned count);

#endif
