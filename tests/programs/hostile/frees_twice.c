/* SPDX-License-Identifier: MIT */
/* Frees the same block twice, which libc notices in the middle of its own locks. */
/* status: 1 */
/* tells: crash: T0 was ended by SIGABRT */
/* says: FOUND crash in run 0: frees_twice-crash-1.sched */
#include <stdlib.h>

int main(void)
{
    void *volatile block = malloc(100);
    void *volatile same = block;
    free(block);
    free(same); /* NOLINT(clang-analyzer-unix.Malloc): what it is for */
}
