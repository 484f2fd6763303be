/* SPDX-License-Identifier: MIT */
/*
 * bare: what the benchmarks compare with, without any scheduler. Prints nanoseconds a run.
 *
 *   bare fork PAGES RUNS             a dynamic program with so many more private pages touched
 *                                    forks, the child ends at once, the parent waits
 *   bare baton PAGES RUNS THREADS HANDOVERS
 *                                    the child starts threads that hand a baton on so often in
 *                                    all (a futex a thread), joins them and ends
 */
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_THREADS 64

static uint32_t wake[MAX_THREADS];
static int threads;
static int handovers;
static int done;

static void give(int to)
{
    __atomic_store_n(&wake[to], 1u, __ATOMIC_RELEASE);
    syscall(SYS_futex, &wake[to], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void await(int self)
{
    while (__atomic_load_n(&wake[self], __ATOMIC_ACQUIRE) == 0)
        syscall(SYS_futex, &wake[self], FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    wake[self] = 0;
}

static void *take_turns(void *argument)
{
    int self = (int)(intptr_t)argument;
    for (;;) {
        await(self);
        int last = ++done >= handovers;
        give((self + 1) % threads);
        if (last || done >= handovers)
            return NULL;
    }
}

static void run_threads(void)
{
    pthread_t thread[MAX_THREADS];
    for (int i = 0; i < threads; i++)
        pthread_create(&thread[i], NULL, take_turns, (void *)(intptr_t)i);
    give(0);
    for (int i = 0; i < threads; i++)
        pthread_join(thread[i], NULL);
}

static void one_run(void)
{
    long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) {
        if (threads > 0)
            run_threads();
        _exit(0);
    }
    waitpid((pid_t)pid, NULL, 0);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    size_t size = strtoul(argv[2], NULL, 10) * 4096;
    long runs = strtol(argv[3], NULL, 10);
    threads = argc > 4 ? atoi(argv[4]) : 0;
    handovers = argc > 5 ? atoi(argv[5]) : 0;
    if (threads > MAX_THREADS)
        return 2;
    char *memory = malloc(size + 1);
    if (memory == NULL)
        return 2;
    memset(memory, 1, size + 1);
    double begin = now();
    for (long i = 0; i < runs; i++)
        one_run();
    printf("%.0f\n", (now() - begin) / (double)runs);
    free(memory);
    return 0;
}
