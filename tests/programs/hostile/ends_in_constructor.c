/* SPDX-License-Identifier: MIT */
/* Its constructor ends the program: main is never reached. */
/* status: 2 */
/* errors: interleave: ./ends_in_constructor: ended before main was reached; there is nothing to hunt in */
#include <stdlib.h>

__attribute__((constructor)) static void before_main(void)
{
    exit(0);
}

int main(void)
{
    return 0;
}
