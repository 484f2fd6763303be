/* SPDX-License-Identifier: MIT */
/* Threads one after another, each joined before the next one is made: as many as a run can have. */
/* options: --runs 2 */
/* status: 0 */
/* says: NO FAILURE in 2 runs (not a proof): # distinct behaviour* */
#include "short_threads.h"

int main(void)
{
    return run_short_threads(1023);
}
