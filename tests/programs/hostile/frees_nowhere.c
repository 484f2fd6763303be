/* SPDX-License-Identifier: MIT */
/* Frees what lies where nothing is mapped: natively that ends in libc. */
/* status: 1 */
/* tells: crash: T0 was ended by SIGSEGV */
/* tells: main() at tests/programs/hostile/frees_nowhere.c:# */
/* says: FOUND crash in run 0: frees_nowhere-crash-1.sched */
#include <stdlib.h>
#include <sys/mman.h>

int main(void)
{
    char *nowhere = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *volatile inside = nowhere + 64;
    free(inside); /* NOLINT(clang-analyzer-unix.Malloc): what it is for */
}
