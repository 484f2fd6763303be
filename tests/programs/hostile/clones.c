/* SPDX-License-Identifier: MIT */
/* Makes a thread behind libc's back. */
/* status: 3 */
/* says: LIMITED: none of 8 runs could be judged: clone is not modelled */
#include <sched.h>
#include <stddef.h>

static int run(void *unused)
{
    return unused != NULL;
}

int main(void)
{
    static char stack[65536];
    int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
    return clone(run, stack + sizeof stack, flags, NULL) < 0;
}
