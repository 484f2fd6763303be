/* SPDX-License-Identifier: MIT */
/* status: 3 */
/* says: LIMITED: none of 8 runs could be judged: fork is not modelled */
#include <unistd.h>

int main(void)
{
    return fork() < 0;
}
