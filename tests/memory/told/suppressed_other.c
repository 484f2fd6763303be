/* SPDX-License-Identifier: MIT */
/* A race is not dropped by what it has nothing to do with. */
/* file: given race:^run_threads$ */
/* options: --suppress given */
/* status: 1 */
/* tells: T0.# writes count: # -> # (suppressed_other.c:#) */
/* says: FOUND data-race in run #: suppressed_other-data-race-1.sched */
#include "program.h"

static long count;

static void *reads(void *argument)
{
    holds(count >= 0);
    return argument;
}

static void *writes(void *argument)
{
    count = 1;
    return argument;
}

int main(void)
{
    pthread_t a = thread(reads, NULL);
    pthread_t b = thread(writes, NULL);
    join(a);
    join(b);
}
