/* SPDX-License-Identifier: MIT */
#include "points.h"

#include <string.h>

#define GUARD 0xa5

void subject_begin(struct subject *s, const struct ilv_plan *plan, int fill)
{
    s->strategy = ilv_strategy(plan->strategy);
    memset(s->before, GUARD, sizeof s->before);
    memset(s->state, fill, sizeof s->state);
    memset(s->after, GUARD, sizeof s->after);
    s->strategy->begin(s->state, plan, NULL, NULL);
}

bool subject_guards_hold(const struct subject *s)
{
    for (size_t i = 0; i < sizeof s->before; i++) {
        if (s->before[i] != GUARD || s->after[i] != GUARD) {
            return false;
        }
    }
    return true;
}

static unsigned how_of(char letter)
{
    static const char letters[] = "rxsw";
    return (unsigned)(strchr(letters, letter) - letters);
}

void point_make(struct point *p, const char *hows, int current)
{
    memset(p, 0, sizeof *p);
    uint32_t n = (uint32_t)strlen(hows);
    for (uint32_t i = 0; i < n; i++) {
        p->op[i] = (struct ilv_op){.kind = ILV_EV_MUTEX_LOCK, .object = i + 1};
        p->candidate[i] = (struct ilv_candidate){.task_id = i + 1000,
                                                 .op = &p->op[i],
                                                 .task = (uint16_t)i,
                                                 .how = (uint16_t)how_of(hows[i])};
    }
    p->point = (struct ilv_point){p->candidate, n, current};
}

uint32_t point_ask(struct subject *s, struct point *p)
{
    return s->strategy->choose(s->state, &p->point);
}

double chi_square(const unsigned *seen, const double *weights, unsigned count)
{
    double weight = 0;
    double runs = 0;
    for (unsigned i = 0; i < count; i++) {
        weight += weights[i];
        runs += seen[i];
    }
    double sum = 0;
    for (unsigned i = 0; i < count; i++) {
        double expected = runs * weights[i] / weight;
        sum += (seen[i] - expected) * (seen[i] - expected) / expected;
    }
    return sum;
}
