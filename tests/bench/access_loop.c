/* SPDX-License-Identifier: MIT */
/*
 * access_loop ITERATIONS [BESIDE]: the loop of bench_access and bench_inside, which compile it in
 * several ways. Prints nanoseconds of CPU time per access: a read of one word and a write of
 * another in turn, in memory that is cached. BESIDE other threads (at most one) wait for its end.
 */
#include <pthread.h>
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

static pthread_mutex_t ends = PTHREAD_MUTEX_INITIALIZER;

static void *waits(void *argument)
{
    pthread_mutex_lock(&ends);
    pthread_mutex_unlock(&ends);
    return argument;
}

static void measure(long rounds)
{
    static long to[WORDS], from[WORDS];
    __asm__ volatile("" ::"r"(to), "r"(from) : "memory"); /* others may know them: they stay */
    work(to, from, rounds / 10);
    double begin = now();
    work(to, from, rounds);
    printf("%.4f\n", (now() - begin) / (2.0 * (double)rounds));
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? atol(argv[1]) : 10000000;
    int beside = argc > 2 && atoi(argv[2]) != 0;
    pthread_t thread;
    if (beside && (pthread_mutex_lock(&ends) || pthread_create(&thread, NULL, waits, NULL)))
        return 2;
    measure(rounds);
    return beside && (pthread_mutex_unlock(&ends) || pthread_join(thread, NULL)) ? 2 : 0;
}
