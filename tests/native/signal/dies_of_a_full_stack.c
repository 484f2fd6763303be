/* SPDX-License-Identifier: MIT */
/* finding: crash */
/* runs: 5 */
/* No stack is left for the handler that the program has. */
#include <signal.h>

#include "../sync/result.h"

static void count(int signal)
{
    (void)signal;
}

static int deeper(int n)
{
    volatile char much[4096];
    much[0] = (char)n;
    return n == 0 ? 0 : deeper(n + 1) + much[0];
}

static void *overflows(void *unused)
{
    deeper(1);
    return unused;
}

int main(void)
{
    signal(SIGSEGV, count);
    in_thread(overflows, NULL);
    return 0;
}
