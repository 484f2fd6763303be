/* SPDX-License-Identifier: MIT */
/* status: 3 */
/* says: LIMITED: none of 8 runs could be judged: popen is not modelled */
#include <stdio.h>

int main(void)
{
    FILE *command = popen("true", "r");
    return command == NULL ? 1 : pclose(command);
}
