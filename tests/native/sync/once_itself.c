/* SPDX-License-Identifier: MIT */
/* An initialiser that comes to itself waits for ever. */
/* finding: deadlock self */
#include "result.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void initialise(void)
{
    pthread_once(&once, initialise);
}

int main(void)
{
    pthread_once(&once, initialise);
    puts("never");
    return 0;
}
