/* SPDX-License-Identifier: MIT */
/* Looks in its environment for whoever started it. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): 1 distinct behaviour */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
    int strange = getenv("LD_PRELOAD") != NULL || getenv("LD_BIND_NOW") != NULL;
    for (char **e = environ; *e != NULL; e++)
        strange += strncmp(*e, "ILV_CONTROL", 11) == 0 || strstr(*e, "libinterleave") != NULL;
    return strange;
}
