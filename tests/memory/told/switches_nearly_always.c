/* SPDX-License-Identifier: MIT */
/* Switches at nearly each access are not refused. */
/* options: --strategy random:p=0.99 */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
#include "program.h"

static void *idles(void *argument)
{
    return argument;
}

int main(void)
{
    run_threads(2, idles);
}
