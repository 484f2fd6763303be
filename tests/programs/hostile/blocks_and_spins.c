/* SPDX-License-Identifier: MIT */
/* Blocks and ignores every signal that it can, then computes for ever. */
/* options: --runs 1 --spin-seconds 1 */
/* status: 3 */
/* says: LIMITED: none of 1 run could be judged: T0 spins or computes without a call, build it with interleave cc */
#include <signal.h>

int main(void)
{
    static volatile unsigned turns;
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int s = 1; s < NSIG; s++)
        signal(s, SIG_IGN);
    for (;;)
        turns++;
}
