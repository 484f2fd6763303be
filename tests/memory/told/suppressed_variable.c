/* SPDX-License-Identifier: MIT */
/* A race is dropped by the name of its variable. */
/* file: given data-race:^count$ */
/* options: --suppress given */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
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
