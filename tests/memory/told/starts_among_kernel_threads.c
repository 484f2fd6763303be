/* SPDX-License-Identifier: MIT */
/* Where runs are to begin there is a thread already, and threads of the kernel cannot be copied. */
/* options: --start-at begin --backend baton */
/* flags: -fvisibility=default */
/* status: 2 */
/* errors: interleave: ./starts_among_kernel_threads: has threads already where the runs are to begin; use --backend fiber, or begin earlier */
#include "program.h"

void begin(void);

static int count;

static void *adds(void *argument)
{
    count++;
    return argument;
}

void begin(void)
{
    count++;
}

int main(void)
{
    pthread_t a = thread(adds, NULL);
    begin();
    join(a);
}
