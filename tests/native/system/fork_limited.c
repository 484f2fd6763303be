/* SPDX-License-Identifier: MIT */
/* finding: limited */
/* Other processes are not modelled yet: the run ends and names the call. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    printf("before\n");
    fflush(stdout);
    return fork() == 0 ? 0 : 1;
}
