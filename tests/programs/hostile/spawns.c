/* SPDX-License-Identifier: MIT */
/* status: 3 */
/* says: LIMITED: none of 8 runs could be judged: posix_spawn is not modelled */
#include <spawn.h>
#include <stddef.h>
#include <unistd.h>

int main(void)
{
    char name[] = "true", *argv[] = {name, NULL};
    pid_t pid;
    return posix_spawn(&pid, "/bin/true", NULL, NULL, argv, environ);
}
