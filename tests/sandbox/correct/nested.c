/* SPDX-License-Identifier: MIT */
/* Each thread makes the next one, fifty deep, and joins it. */
/* fault 1: the last one joins the first, which waits for it */
/* finds 1: deadlock (join) | deadlock (cycle) */
#include "threads.h"

static pthread_t first;
static int made;

static void *body(void *argument)
{
    long depth = (long)argument;
    made++;
    if (depth < 50)
        join(thread(body, (void *)(depth + 1))); /* NOLINT(performance-no-int-to-ptr) */
    else if (fault == 1)
        join(first);
    return NULL;
}

int main(void)
{
    first = pthread_self();
    join(thread(body, (void *)1)); /* NOLINT(performance-no-int-to-ptr) */
    holds(made == 50);
}
