/* SPDX-License-Identifier: MIT */
/* Frees the same block twice, the last one of the heap: it has become part of what is free behind
 * it, and seems to reach to the end of the heap. */
/* status: 1 */
/* tells: crash: T0 was ended by SIGABRT */
/* tells: double free or corruption (top) */
/* tells: main() at tests/programs/hostile/frees_twice_on_top.c:# */
/* says: FOUND crash in run 0: frees_twice_on_top-crash-1.sched */
#include <stdlib.h>

int main(void)
{
    void *volatile block = malloc(5000);
    void *volatile same = block;
    free(block);
    free(same); /* NOLINT(clang-analyzer-unix.Malloc): what it is for */
}
