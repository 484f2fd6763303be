/* SPDX-License-Identifier: MIT */
/* Two threads share a variable of a third one's stack: it is told by its name and its function. */
/* status: 1 */
/* tells: T0.# reads job.total[1] of run() = # (local.c:17) */
/* tells: T0.# writes job.total[1] of run(): # -> # (local.c:17) */
/* says: FOUND data-race in run #: local-data-race-1.sched */
#include "program.h"

struct job {
    long number;
    long total[2];
};

static void *adds(void *argument)
{
    struct job *job = argument;
    job->total[1]++;
    return NULL;
}

static void run(void)
{
    struct job job = {.number = 1};
    pthread_t a = thread(adds, &job);
    pthread_t b = thread(adds, &job);
    join(a);
    join(b);
    holds(job.number == 1);
}

int main(void)
{
    run();
}
