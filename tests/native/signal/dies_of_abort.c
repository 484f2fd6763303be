/* SPDX-License-Identifier: MIT */
/* finding: crash */
/* runs: 5 */
/* abort ends the program though its signal is blocked and its handler returns. */
#include <signal.h>
#include <stdlib.h>

#include "../sync/result.h"

static void count(int signal)
{
    (void)signal;
}

int main(void)
{
    sigset_t all;
    signal(SIGABRT, count);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    abort();
}
