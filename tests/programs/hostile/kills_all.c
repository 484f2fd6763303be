/* SPDX-License-Identifier: MIT */
/* status: 3 */
/* says: LIMITED: none of 8 runs could be judged: kill of all processes is not modelled */
#include <signal.h>

int main(void)
{
    return kill(-1, SIGKILL);
}
