/* SPDX-License-Identifier: MIT */
/*
 * A queue of jobs: its owner puts them in and takes them out at the bottom, a thief steals them
 * from the top (after D. Chase and Y. Lev, 2005). They only meet at the last job, which goes to who
 * moves the top. What orders the looks at top and bottom is what the variants are about.
 */
#include <stdatomic.h>
#include <stdbool.h>

#include "scenario.h"

#define JOBS 2
#define ROOM 4

struct job {
    int input;
    int result;
    int runs;
};

static struct job jobs[JOBS];
static struct job *_Atomic queue[ROOM];
static atomic_int top;    /* the oldest job's; only ever goes up */
static atomic_int bottom; /* behind the youngest job; the owner's to change */

static void put(struct job *job);
static struct job *take(void);
static struct job *steal(void);

static void run(struct job *job)
{
    job->result = job->input * job->input;
    job->runs++;
}

/* Moves the top up by one, unless somebody else did. */
static bool claim(int seen)
{
    return atomic_compare_exchange_strong_explicit(&top, &seen, seen + 1, memory_order_seq_cst,
                                                   memory_order_relaxed);
}

static void *thief(void *unused)
{
    for (int i = 0; i < JOBS; i++) {
        struct job *job = steal();
        if (job != NULL)
            run(job);
    }
    return unused;
}

int main(void)
{
    pthread_t stealing = scenario_start(thief, NULL);
    for (int i = 0; i < JOBS; i++) {
        jobs[i].input = i + 1;
        put(&jobs[i]);
    }
    scenario_give_way();
    for (struct job *job = take(); job != NULL; job = take())
        run(job);
    scenario_join(stealing);
    for (int i = 0; i < JOBS; i++)
        scenario_check(jobs[i].runs == 1, "every job is run once");
    return 0;
}
