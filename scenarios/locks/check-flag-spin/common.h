/* SPDX-License-Identifier: MIT */
/*
 * A worker does what main posts, until there is no more and main has said that there will be none.
 * How it learns of either is what the variants are about. Jobs are numbers; after the last comes 0.
 */
#include <sched.h>
#include <stdbool.h>

#include "scenario.h"

#define JOBS 3

static int jobs[JOBS + 1];
static int done; /* the worker's, and main's after the join */

static void prepare(void);

/* Main: so many jobs there are now, and that was the last. */
static void tell(int count, bool last);

/* The worker: waits for a job beyond the `taken` that it had; false: there will be none. */
static bool await_job(int taken);

static void *worker(void *unused)
{
    for (int taken = 0; await_job(taken); taken++)
        done += jobs[taken];
    return unused;
}

int main(void)
{
    prepare();
    pthread_t working = scenario_start(worker, NULL);
    for (int count = 1; count <= JOBS; count++) {
        jobs[count - 1] = count;
        tell(count, false);
    }
    tell(JOBS, true);
    scenario_join(working);
    scenario_check(done == JOBS * (JOBS + 1) / 2, "every job that was posted is done");
    return 0;
}
