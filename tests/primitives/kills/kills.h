/* SPDX-License-Identifier: MIT */
/*
 * kills.h: campaigns that kill processes with SIGKILL at random moments while they use a
 * primitive; primitives_kills is called as usage.h says.
 *
 * A kind is a primitive and one operation on it, which actors, all of them processes, do again
 * and again in a world: shared memory of the kind. Actors 0 to SURVIVORS - 1 are never killed;
 * the others, the victims, kill themselves by a timer, at an instruction that nobody chose,
 * some microseconds to some milliseconds after their first. A dead victim is replaced when
 * each survivor has begun an operation after the death and ended it: if that takes
 * WATCHDOG_SECONDS, they hang. Several victims of a world and several worlds are under way at
 * one time, so that what survivors wait for overlaps.
 *
 * What is promised is looked at in every operation, by every actor, and once more when all are
 * dead:
 *  - what a returned call acknowledged is counted in shared memory, tried before the call and
 *    acknowledged after it: the truth lies between the two, and their difference is of the dead;
 *  - the structure passes its own check, where it has one;
 *  - memory and descriptors of the survivors do not grow after the first tenth.
 */
#ifndef KILLS_H
#define KILLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "usage.h"

enum {
    SURVIVORS = 2,
    ACTORS = 6,
};

/* What became of a world. Sums over all worlds are printed. */
struct outcome {
    uint64_t kills;
    uint64_t acknowledged; /* things that the calls that returned did */
    uint64_t unknown;      /* things that dead callers had begun: done or not, nobody was told */
    uint64_t lost;         /* of those that were acknowledged */
    uint64_t told;         /* deaths that a call reported, or what came again for them */
};

struct kind {
    const char *name;
    const char *things; /* that are counted */
    const char *why;    /* so many may be lost */
    const char *told;   /* what outcome.told counts */
    size_t size;        /* bytes of its own part of a world, zero at first */
    unsigned worlds;
    unsigned longest; /* life of a victim, in microseconds */
    bool at_once;     /* victims are replaced at once: the others cannot go on without them */
    void (*prepare)(void *own);

    /* One operation. NULL, or what is wrong. */
    const char *(*work)(void *own, unsigned actor);

    /* All actors are dead. NULL, or what is wrong; adds to the outcome. */
    const char *(*judge)(void *own, struct outcome *outcome);
};

extern const struct kind locks_kinds[];
extern const struct kind waits_kinds[];
extern const struct kind memory_kinds[];
extern const struct kind queue_kinds[];
extern const struct kind process_kinds[];

/* Some time passes, at times so that others come to run. */
void linger(void);

/* The process has not been killed, and not ended. */
bool lives(pid_t pid);

/* A deadline that nobody lives to see, and one that passes soon. */
extern const struct timespec far_away;
struct timespec soon(void);

/* Things that actors do, counted by who does them: see above. */
struct counts {
    uint64_t tried[ACTORS];
    uint64_t acknowledged[ACTORS];
};

void count_try(struct counts *counts, unsigned actor);
void count_done(struct counts *counts, unsigned actor);

/* Sums. */
uint64_t all_tried(const struct counts *counts);
uint64_t all_acknowledged(const struct counts *counts);

/* What there is lies between the two sums, which go into the outcome. */
bool counts_explain(const struct counts *counts, uint64_t there, struct outcome *outcome);

#endif
