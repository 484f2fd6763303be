/* SPDX-License-Identifier: MIT */
/* A switch at each access would lead nowhere among tasks that spin, and is refused. */
/* options: --strategy random:p=1 */
/* status: 2 */
/* errors: interleave: --strategy random:p=1: ./switches_always announces its accesses to memory, and a switch at each of them leads nowhere; give p below 1 */
#include "program.h"

static void *idles(void *argument)
{
    return argument;
}

int main(void)
{
    run_threads(2, idles);
}
