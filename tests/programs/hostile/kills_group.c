/* SPDX-License-Identifier: MIT */
/* Kills its process group, which the sandbox is not in. */
/* status: 1 */
/* tells: crash: T0 was ended by SIGKILL */
/* says: FOUND crash in run 0: kills_group-crash-1.sched */
#include <signal.h>
#include <unistd.h>

int main(void)
{
    kill(0, SIGKILL);
    for (;;)
        pause();
}
