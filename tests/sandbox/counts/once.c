/* SPDX-License-Identifier: MIT */
/* N threads initialise once and then use a mutex each. Who came first counts, and in which order
 * the others came too, as all looks at a once count as dependent: N!. */
/* counts: 2 = 2 in 50 */
#include "threads.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int value;

static void make(void)
{
    value++;
}

static void *body(void *argument)
{
    must(pthread_once(&once, make));
    holds(value == 1);
    return argument;
}

int main(int argc, char **argv)
{
    run_threads(argc > 1 ? atol(argv[1]) : 2, body);
}
