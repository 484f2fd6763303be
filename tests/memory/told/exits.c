/* SPDX-License-Identifier: MIT */
/* Handlers of exit are code like any other: one reads what a thread nobody waits for writes. */
/* status: 1 */
/* tells: T0 reads written = # (exits.c:18) */
/* says: FOUND data-race in run #: exits-data-race-1.sched */
#include "program.h"

static int written;

static void *writes(void *argument)
{
    written = 1;
    return argument;
}

static void reads(void)
{
    holds(written >= 0);
}

int main(void)
{
    must(atexit(reads));
    must(pthread_detach(thread(writes, NULL)));
}
