/* SPDX-License-Identifier: MIT */
/* status: 3 */
/* says: LIMITED: none of 8 runs could be judged: a signal that stops the process is not modelled */
#include <signal.h>

int main(void)
{
    raise(SIGSTOP);
}
