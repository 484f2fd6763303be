/* SPDX-License-Identifier: MIT */
/* One of its outputs never comes. */
/* allowed: one | three */
/* every: 5 */
/* runs: 2 */
#include <stdio.h>

int main(void)
{
    puts("one");
    return 0;
}
