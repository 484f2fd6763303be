/* SPDX-License-Identifier: MIT */
/*
 * round.h: the explorer's own: the runs of one round, given out to workers in chunks.
 *
 * A round is a range of runs whose plans are made from the same knowledge. Which worker makes
 * which run does not matter: a round ends when every run below its first failure has been made.
 */
#ifndef ILV_EXPLORER_ROUND_H
#define ILV_EXPLORER_ROUND_H

#include "internal.h"

#define ILV__ROUND_MOST 64u
#define ILV__NO_RUN UINT32_MAX

struct ilv__chunk {
    uint32_t first, count; /* indices within the round */
};

struct ilv__worker {
    struct ilv__server server;
    struct ilv__chunk chunk; /* under way; count 0: idle */
};

/* The failing run with the lowest number that was seen. */
struct ilv__failure {
    uint32_t at; /* index within the round, or ILV__NO_RUN */
    struct ilv_summary summary;
    struct ilv_finding finding;
    struct ilv_run *run;
};

struct ilv__round {
    const struct ilv_hunt *hunt;
    const struct ilv_target *target;
    struct ilv__oracle *oracle;
    struct ilv__worker *worker;        /* hunt->workers of them */
    double deadline;                   /* real time, 0: none */
    uint32_t deaths;                   /* servers that runs have killed */
    uint16_t backend, trap, sanitizer; /* that the last run used */

    uint32_t number; /* of the round's first run */
    uint32_t size;
    struct ilv_plan plan[ILV__ROUND_MOST];
    struct ilv_summary summary[ILV__ROUND_MOST];
    struct ilv_met met[ILV__ROUND_MOST]; /* words that the runs contended for */
    struct ilv__places *places;          /* ... that are known */
    uint32_t place_count;                /* ... were when the round began */
    bool done[ILV__ROUND_MOST];
    bool limited[ILV__ROUND_MOST];
    bool runaway[ILV__ROUND_MOST]; /* killed by the watchdog */
    bool fresh[ILV__ROUND_MOST];   /* to be made by a server that has made none */
    struct ilv__chunk pending[2 * ILV__ROUND_MOST];
    uint32_t pending_count;
    struct ilv__failure failure;

    uint32_t limited_run; /* number of the first one whose reason is known, or ILV__NO_RUN */
    char limited_text[ILV_FINDING_TEXT];

    void (*tick)(struct ilv__round *round, void *context); /* while waiting */
    void *context;
};

/*
 * Carries out the round that number, size and plan name. Returns 0 when every run below the first
 * failure was made; 1 when time ran out or it was interrupted (some runs may not be done); or
 * -errno with a line in error.
 */
int ilv__round_run(struct ilv__round *round, char *error, size_t size);

/* How many runs from the first on are done without a gap, the failing one included. */
uint32_t ilv__round_reached(const struct ilv__round *round);

/* Starts the workers' servers; stops them. */
int ilv__workers_start(struct ilv__round *round, char *error, size_t size);
void ilv__workers_stop(struct ilv__round *round);

#endif
