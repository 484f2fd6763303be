/* SPDX-License-Identifier: MIT */
/* Reads the file that is its standard input: from its beginning in every run. */
/* file: in.txt hello sandbox */
/* options: --stdin in.txt */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): 1 distinct behaviour */
#include <stdio.h>
#include <string.h>

int main(void)
{
    char line[64];
    if (fgets(line, sizeof line, stdin) == NULL)
        return 1;
    return strcmp(line, "hello sandbox\n") == 0 && getchar() == EOF ? 0 : 1;
}
