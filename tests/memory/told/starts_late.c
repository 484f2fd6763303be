/* SPDX-License-Identifier: MIT */
/* Runs begin at a function: what was before it is no part of them; the threads after it are. */
/* options: --start-at begin */
/* flags: -fvisibility=default */
/* status: 1 */
/* tells: T0.# writes count: # -> # (starts_late.c:18) */
/* says: FOUND data-race in run #: starts_late-data-race-1.sched */
#include "program.h"

void begin(void);

static int count;
static int prepared[1000];

static void *adds(void *argument)
{
    holds(prepared[999] == 999);
    count++;
    return argument;
}

void begin(void)
{
    run_threads(2, adds);
}

int main(void)
{
    for (int i = 0; i < 1000; i++)
        prepared[i] = i;
    begin();
    holds(count <= 2);
}
