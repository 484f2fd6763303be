/* SPDX-License-Identifier: MIT */
/* Its constructor crashes: main is never reached. */
/* status: 1 */
/* tells: crash: T0 was ended by SIGSEGV */
/* says: FOUND crash in run 0: crashes_in_constructor-crash-1.sched */
static int *volatile nowhere;

__attribute__((constructor)) static void before_main(void)
{
    *nowhere = 1;
}

int main(void)
{
    return 0;
}
