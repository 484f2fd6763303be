/* SPDX-License-Identifier: MIT */
/* status: 1 */
/* tells: crash: T0 was ended by SIGABRT */
/* says: FOUND crash in run 0: aborts-crash-1.sched */
#include <stdlib.h>

int main(void)
{
    abort();
}
