/* SPDX-License-Identifier: MIT */
/* Frees what is no block of memory. */
/* status: 1 */
/* tells: crash: T0 was ended by SIGABRT */
/* tells: free(): invalid pointer */
/* tells: main() at tests/programs/hostile/frees_a_stranger.c:# */
/* says: FOUND crash in run 0: frees_a_stranger-crash-1.sched */
#include <stdlib.h>

static long numbers[64];

int main(void)
{
    void *volatile stranger = &numbers[33];
    free(stranger); /* NOLINT(clang-analyzer-unix.Malloc): what it is for */
}
