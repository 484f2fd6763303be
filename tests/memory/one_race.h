/* SPDX-License-Identifier: MIT */
/* one_race.h: a program with one data race, of reads() and writes() on count. */
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
