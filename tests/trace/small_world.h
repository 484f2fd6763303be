/* SPDX-License-Identifier: MIT */
/*
 * small_world.h: three tasks and a few objects, as small as they can be and still have all the
 * states that POSIX gives them. Operations are carried out on a value that can be copied and
 * compared, so that a test can try every order.
 */
#ifndef SMALL_WORLD_H
#define SMALL_WORLD_H

#include <stdbool.h>

#include "trace.h"

enum { TASKS = 3 };

/* Object numbers, as in operations. */
enum {
    MUTEX_A = 1,
    MUTEX_B,
    COND,
    RWLOCK,
    SEM_A,
    SEM_B,
    BARRIER,
    CHANNEL_A,
    CHANNEL_B,
    SPIN,
    ONCE,
    FUTEX,
    TASK_0,
    TASK_1,
    TASK_2,
    FILE_A,
    SIGNALS
};

/* What a task is in the middle of. */
enum { AWAKE, ON_COND, COND_WOKEN, AT_BARRIER, BARRIER_OPEN, ON_FUTEX, FUTEX_WOKEN };

struct world {
    uint8_t doing[TASKS];
    uint8_t owner[2];    /* task + 1 */
    uint8_t orphaned[2]; /* a robust mutex whose owner ended */
    uint8_t readers[TASKS];
    uint8_t writer; /* task + 1 */
    uint8_t sem[2];
    uint8_t arrived;
    uint8_t channel[2];
    uint8_t spin;
    uint8_t once;  /* 0 not yet, task + 1 running, 9 done */
    uint8_t futex; /* the word */
    uint8_t ended[TASKS];
    uint8_t joined[TASKS];
    uint8_t detached[TASKS];
    uint8_t cancelled[TASKS];
    uint8_t file;
    uint8_t pending;
    uint8_t masked[TASKS];
};

/* An operation that a test tries, and the groups of operations that it belongs to. */
struct trial {
    struct ilv_op op;
    unsigned groups; /* bit mask */
};

enum {
    GROUP_MUTEX = 1u << 0,
    GROUP_COND = 1u << 1,
    GROUP_RWLOCK = 1u << 2,
    GROUP_SEM = 1u << 3,
    GROUP_BARRIER = 1u << 4,
    GROUP_CHANNEL = 1u << 5,
    GROUP_TASK = 1u << 6,
    GROUP_REST = 1u << 7,
    GROUP_ALL = (1u << 8) - 1
};

extern const struct trial trials[];
extern const unsigned trial_count;

/* Whether task t can carry out the operation now; and carrying it out, which gives its result. */
bool world_allows(const struct world *w, unsigned t, const struct ilv_op *op);
int world_step(struct world *w, unsigned t, const struct ilv_op *op);

#endif
