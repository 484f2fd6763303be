/* SPDX-License-Identifier: MIT */
/* finding: crash */
/* runs: 5 */
/* A signal without a handler ends the program, whichever thread takes it. */
#include <signal.h>
#include <unistd.h>

#include "../sync/result.h"

static void *sends(void *unused)
{
    kill(getpid(), SIGTERM);
    for (;;)
        pause();
    return unused;
}

int main(void)
{
    in_thread(sends, NULL);
    return 0;
}
