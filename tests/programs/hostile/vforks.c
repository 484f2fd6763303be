/* SPDX-License-Identifier: MIT */
/* status: 3 */
/* says: LIMITED: none of 8 runs could be judged: vfork is not modelled */
#include <unistd.h>

int main(void)
{
    if (vfork() == 0) /* NOLINT(clang-analyzer-security.insecureAPI.vfork): what it is for */
        _exit(0);
}
