/* SPDX-License-Identifier: MIT */
/*
 * fake.h: a runtime without threads, for testing strategies.
 *
 * A program is one text a task: operations separated by blanks.
 *
 *     M1+  M1-   lock and unlock mutex 1 (waits while another task holds it)
 *     S1+  S1-   post and wait for semaphore 1 (waits while it is zero)
 *     R5   W5    read and write object 5: dependent unless both read
 *     C1?  C1!   sleep on condition 1; wake one sleeper (which one is a choice)
 *     Z9         sleep until the time 9: may expire while others run
 *
 * All tasks live from the start; task 0 is T0, task i is T0.i, and T0 runs first.
 *
 *     static const char *const abba[] = {"M1+ M2+ M2- M1-", "M2+ M1+ M1- M2-"};
 *     struct fake_run run;
 *     fake_run(&run, abba, 2, &plan, NULL);
 *     fake_steps(&run, text, sizeof text);     "0:M1+ 1:M2+ ..."
 */
#ifndef FAKE_H
#define FAKE_H

#include "strategy.h"

#define FAKE_TASKS 8
#define FAKE_OPS 64
#define FAKE_OBJECTS 16
#define FAKE_STEPS (FAKE_TASKS * FAKE_OPS)

struct fake_run {
    /* What happened. */
    uint32_t step_count;
    uint8_t step_task[FAKE_STEPS];  /* who made step i */
    uint8_t step_index[FAKE_STEPS]; /* ... its how-manyth operation, from 0 */
    uint32_t choice_count;          /* counted singly */
    struct ilv_choice choice[FAKE_STEPS];
    bool stuck;    /* not all tasks came to their end */
    bool diverged; /* the strategy said so */
    bool outside;  /* the strategy picked no candidate: a broken contract */
    const char *op_text[FAKE_TASKS][FAKE_OPS];
};

/* Runs it. choices is for replay, NULL otherwise; ids of tasks are fake_ids(). */
void fake_run(struct fake_run *run, const char *const *tasks, unsigned count,
              const struct ilv_plan *plan, const struct ilv_choice *choices);

const uint64_t *fake_ids(void);

/* The steps in words, "0:M1+ 1:M2+". */
const char *fake_steps(const struct fake_run *run, char *text, size_t size);

/* When task made its operation (from 0), counted in steps from 0; -1 if it never did. */
int fake_when(const struct fake_run *run, unsigned task, unsigned operation);

/* A plan with this seed and the usual parameters; knowledge of runs with so many choices. */
struct ilv_plan fake_plan(unsigned strategy, uint64_t seed, double p, uint32_t d, uint32_t choices);

#endif
