/* SPDX-License-Identifier: MIT */
/*
 * strategy.h: the contract of a strategy, written for its implementer.
 *
 * A strategy decides, at every point of a run where more than one thing could happen, which one
 * does. It has two halves. The planning half (parse, plan) runs in the explorer, once a run, and
 * may use libc. The deciding half (begin, choose, step) runs inside the program under test, at
 * every point, in fixed memory: it may call nothing but base/ and trace/, never allocates, never
 * blocks, and reads no clock.
 *
 * A strategy is a file that defines one `const struct ilv_strategy` and a line in
 * strategies.def. It is tested on a fake runtime (tests/strategies) without any thread.
 *
 * Determinism: everything follows from the plan. Two runs with equal plans and equal candidates
 * get equal picks. plan(i) must not depend on anything but seed, i, the parameters and the
 * knowledge, and the knowledge of a round is frozen while the round runs: so results do not
 * depend on the number of workers.
 */
#ifndef ILV_STRATEGY_H
#define ILV_STRATEGY_H

#include <stdbool.h>

#include "depends.h"
#include "trace.h"

enum ilv_strategy_id {
#define STRATEGY(identifier, name, parameters, gloss) ILV_STRATEGY_##identifier,
#include "strategies.def"
#undef STRATEGY
    ILV_STRATEGY_COUNT
};

/* What the explorer has learnt from the runs of earlier rounds. */
struct ilv_knowledge {
    uint64_t runs;        /* that this was learnt from; 0 in the first round */
    uint32_t max_choices; /* most choices in a run */
    uint32_t max_steps;   /* most steps in a run */
    uint32_t max_tasks;   /* most tasks in a run */
};

/* Parameters as given on the command line: --strategy pct:d=5 */
struct ilv_parameters {
    double p;   /* random: probability of a switch */
    uint32_t d; /* pct: depth */
};

/* Faults that are choices (--faults). */
enum { ILV_FAULT_SPURIOUS = 1u << 0 };

/* Plan.passes: the run goes on after whatever is found. */
#define ILV_PASSES_ALL UINT8_MAX

/*
 * The plan of one run: a small fixed block, the only thing that the program under test is told
 * about the run. Made by ilv_strategy_plan(); a strategy's plan() fills in its own part.
 */
struct ilv_plan {
    uint64_t seed;      /* of this run: H(seed of the hunt, run) */
    uint32_t run;       /* number of the run, from 0 */
    uint16_t strategy;  /* enum ilv_strategy_id */
    uint16_t faults;    /* ILV_FAULT_* that are choices in this run */
    uint8_t clock_free; /* deadlines may pass while others could run */
    uint8_t record;     /* make the full trace */
    uint8_t strict;     /* replay: refuse the first choice that does not match */
    uint8_t passes;     /* findings of class ERROR that the run goes on after, or ILV_PASSES_ALL */
    uint32_t max_steps; /* a run with more steps is a livelock */
    union {
        struct {
            double p;
        } random;
        struct {
            uint32_t d;       /* depth: number of change points + 1 */
            uint32_t choices; /* estimate of the choices of a run (k), at least 1 */
        } pct;
        struct {
            uint32_t count; /* records in the list of choices to follow */
        } replay;
        uint8_t bytes[64];
    } u;
};
_Static_assert(sizeof(struct ilv_plan) == 88, "ilv_plan is part of the control interface");

/* One thing that could happen at a point. */
struct ilv_candidate {
    uint64_t task_id; /* canonical */
    const struct ilv_op *op;
    uint32_t steps;  /* that the task has made */
    uint16_t task;   /* index, stable during the run, smaller than ILV_MAX_TASKS */
    uint16_t how;    /* enum ilv_how */
    uint16_t signal; /* for ILV_HOW_SIGNAL */
};

/*
 * A point. Candidates are sorted by task path, then how; there are always at least two. When
 * the choice is between tasks, `current` is the index of the candidate that lets the task that
 * ran last go on, or -1 if it cannot. When the choice is which of several waiters is woken (all
 * candidates have ILV_HOW_WAKE), or whether something happens spuriously, current is -1.
 */
struct ilv_point {
    const struct ilv_candidate *candidate;
    uint32_t count;
    int32_t current;
};

#define ILV_STRATEGY_STATE 65536 /* bytes that a strategy may use at most */
#define ILV_MAX_TASKS 1024       /* tasks in a run at most */
#define ILV_DIVERGED UINT32_MAX

struct ilv_strategy {
    const char *name;
    /* Fills in the strategy's part of the plan. NULL if there is none. Explorer only. */
    void (*plan)(const struct ilv_parameters *parameters, const struct ilv_knowledge *knowledge,
                 struct ilv_plan *plan);
    /* Prepares the state, ILV_STRATEGY_STATE bytes, not zeroed: touch little of it. choices is
     * the list to follow for replay, else NULL; task ids in it have been translated: replay's
     * list holds `task` as an index into ids[], canonical ids. */
    void (*begin)(void *state, const struct ilv_plan *plan, const struct ilv_choice *choices,
                  const uint64_t *ids);
    /* Picks one of the candidates and returns its index; ILV_DIVERGED only from replay. */
    uint32_t (*choose)(void *state, const struct ilv_point *point);
    /* Told of every step that was carried out, in order; NULL if not needed. */
    void (*step)(void *state, const struct ilv_step *step);
};

/* The strategy with this number, never NULL for a valid one. */
const struct ilv_strategy *ilv_strategy(unsigned id);

/*
 * Reads `name` or `name:key=value,key=value`. Returns the strategy's number and fills in the
 * parameters (defaults where not named), or -EINVAL with one line in error that says what was
 * wrong and what there is. `replay` cannot be asked for by name. Explorer only.
 */
int ilv_strategy_parse(const char *text, struct ilv_parameters *parameters, char *error,
                       size_t size);

/*
 * The whole plan of run i of a hunt: seed H(seed, i), a minority of runs (one in eight) with
 * clock_free where `clock_free` allows it, the strategy's part. strategy < 0 is the default:
 * POS on even and PCT(3) on odd runs. Explorer only, deterministic.
 */
void ilv_strategy_plan(int strategy, const struct ilv_parameters *parameters, uint64_t seed,
                       uint32_t run, bool clock_free, uint16_t faults,
                       const struct ilv_knowledge *knowledge, struct ilv_plan *plan);

/* Why replay said ILV_DIVERGED: the record of the list that did not match, and its number (from
 * 0); count of the list when it had ended. */
void ilv_replay_position(const void *state, uint32_t *record, uint32_t *within);

#endif
