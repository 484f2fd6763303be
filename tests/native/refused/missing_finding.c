/* SPDX-License-Identifier: MIT */
/* Nothing is wrong with it. */
/* finding: deadlock self */
#include <stdio.h>

int main(void)
{
    puts("fine");
    return 0;
}
