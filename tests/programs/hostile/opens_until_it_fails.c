/* SPDX-License-Identifier: MIT */
/* Opens descriptors until there are no more. */
/* options: --runs 2 */
/* status: 0 */
/* says: NO FAILURE in 2 runs (not a proof): 1 distinct behaviour */
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

int main(void)
{
    struct rlimit few = {600, 600};
    int ends[2];
    setrlimit(RLIMIT_NOFILE, &few);
    while (pipe(ends) == 0)
        continue;
    return errno == EMFILE ? 0 : 1;
}
