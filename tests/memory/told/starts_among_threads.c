/* SPDX-License-Identifier: MIT */
/* Where runs are to begin there is a thread already: as a fiber it goes on in each of them. */
/* options: --start-at begin */
/* flags: -fvisibility=default */
/* status: 1 */
/* tells: T0.1 reads count = # (starts_among_threads.c:16) */
/* says: FOUND data-race in run #: starts_among_threads-data-race-1.sched */
#include "program.h"

void begin(void);

static int count;

static void *adds(void *argument)
{
    count++;
    return argument;
}

void begin(void)
{
    count++;
}

int main(void)
{
    pthread_t a = thread(adds, NULL);
    begin();
    join(a);
}
