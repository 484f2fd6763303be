/* SPDX-License-Identifier: MIT */
/* status: 1 */
/* tells: crash: T0 was ended by SIGFPE */
/* says: FOUND crash in run 0: divides_by_zero-crash-1.sched */
static volatile int zero;

int main(void)
{
    return 100 / zero;
}
