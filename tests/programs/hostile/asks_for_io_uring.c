/* SPDX-License-Identifier: MIT */
/* Prefers io_uring, and falls back where there is none. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): 1 distinct behaviour */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    static char parameters[256];
    long ring = syscall(SYS_io_uring_setup, 8, parameters);
    if (ring != -1 || errno != ENOSYS)
        return 1;
    return write(1, "fallen back\n", 12) == 12 ? 0 : 1;
}
