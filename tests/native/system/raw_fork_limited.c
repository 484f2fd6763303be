/* SPDX-License-Identifier: MIT */
/* finding: limited */
/* The same by the bare number of the call. */
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    printf("before\n");
    fflush(stdout);
    return syscall(SYS_fork) == 0 ? 0 : 1;
}
