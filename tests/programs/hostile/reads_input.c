/* SPDX-License-Identifier: MIT */
/* Reads standard input to its end: the same bytes in every run, here none. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): 1 distinct behaviour */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    char byte;
    if (getchar() != EOF || !feof(stdin))
        return 1;
    return read(0, &byte, 1) == 0 ? 0 : 1;
}
