/* SPDX-License-Identifier: MIT */
/* finding: crash */
/* runs: 5 */
/* SIGKILL can be neither blocked nor handled. */
#include <signal.h>
#include <unistd.h>

#include "../sync/result.h"

int main(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}
