/* SPDX-License-Identifier: MIT */
/* Leaves its process group and its session, and asks to outlive its parent. Then it hangs. */
/* options: --runs 1 --spin-seconds 1 */
/* status: 3 */
/* says: LIMITED: none of 1 run could be judged: T0 spins or computes without a call, build it with interleave cc */
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
    static volatile unsigned turns;
    setpgid(0, 0);
    setsid();
    prctl(PR_SET_PDEATHSIG, 0);
    prctl(PR_SET_NAME, "somebody else");
    for (;;)
        turns++;
}
