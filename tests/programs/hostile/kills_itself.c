/* SPDX-License-Identifier: MIT */
/* status: 1 */
/* tells: crash: T0 was ended by SIGKILL */
/* says: FOUND crash in run 0: kills_itself-crash-1.sched */
#include <signal.h>
#include <unistd.h>

int main(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}
