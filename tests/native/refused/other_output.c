/* SPDX-License-Identifier: MIT */
/* Prints what is different in the sandbox: the clock begins in the year 2000 there. */
#include <stdio.h>
#include <time.h>

int main(void)
{
    printf("%s\n", time(NULL) < 1000000000 ? "the sandbox" : "the world");
    return 0;
}
