/* SPDX-License-Identifier: MIT */
/* One thread more than a run can have, though there are never two of them at once. */
/* options: --runs 2 */
/* status: 3 */
/* says: LIMITED: none of 2 runs could be judged: more than 1024 threads in one run, those that ended included */
#include "short_threads.h"

int main(void)
{
    return run_short_threads(1024);
}
