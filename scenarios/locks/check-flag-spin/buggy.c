/* SPDX-License-Identifier: MIT */
/*
 * Two volatile variables are polled, first "is there a job?", then "is it the end?".
 *
 *     main                              worker
 *                                       posted is 2: no job
 *     posted = 3
 *     finished = true
 *                                       finished: goes, and job 3 is not done
 *
 * Volatile keeps the compiler from dropping the looks. It orders nothing for another thread, and it
 * does not make two looks one.
 */
#include "common.h"

static volatile int posted, finished;

static void prepare(void)
{
}

static void tell(int count, bool last)
{
    posted = count;
    finished = last;
}

static bool await_job(int taken)
{
    while (taken == posted) {
        if (finished)
            return false;
        sched_yield();
    }
    return true;
}
