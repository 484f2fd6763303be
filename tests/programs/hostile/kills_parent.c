/* SPDX-License-Identifier: MIT */
/* Kills its parent, or what it is told is its parent. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): 1 distinct behaviour */
#include <signal.h>
#include <unistd.h>

int main(void)
{
    kill(getppid(), SIGKILL);
}
