/* SPDX-License-Identifier: MIT */
/*
 * access_loop: the loop of bench_access, which compiles it in several ways. Prints nanoseconds
 * of CPU time per access: a read of one word and a write of another in turn, in memory that is cached.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WORDS 1024

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The barrier keeps the accesses one by one. */
__attribute__((noinline)) static void work(long *to, const long *from, long rounds)
{
    for (long i = 0; i < rounds; i++) {
        to[i % WORDS] = from[i % WORDS] ^ i;
        __asm__ volatile("" ::: "memory");
    }
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? atol(argv[1]) : 10000000;
    static long to[WORDS], from[WORDS];
    __asm__ volatile("" ::"r"(to), "r"(from) : "memory"); /* others may know them: they stay */
    work(to, from, rounds / 10);
    double begin = now();
    work(to, from, rounds);
    printf("%.4f\n", (now() - begin) / (2.0 * (double)rounds));
    return 0;
}
