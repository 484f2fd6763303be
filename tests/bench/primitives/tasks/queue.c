/* SPDX-License-Identifier: MIT */
/*
 * bench_queue CORES: nanoseconds a message of 64 bytes from one process to another through
 * ilv_queue, both on core 0 (CORES 1) or on core 0 and 1 (CORES 2). Prints one number.
 */
#include <ilv/queue.h>

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGES = 500000, CAPACITY = 100 };

static void pin(unsigned core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    (void)sched_setaffinity(0, sizeof set, &set);
}

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    const struct ilv_queue_options options = {.capacity = CAPACITY, .size = 64, .shared = true};
    struct ilv_queue *queue = ilv_queue_new(&options);
    int cores = argc > 1 ? atoi(argv[1]) : 1;
    unsigned long message[8] = {0};
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        pin((unsigned)cores - 1);
        for (unsigned long i = 0; i < MESSAGES; i++) {
            if (ilv_queue_get(queue, message) != 0 || message[0] != i) {
                _exit(1);
            }
        }
        _exit(0);
    }
    pin(0);
    for (unsigned long i = 0; i < MESSAGES; i++) {
        message[0] = i;
        if (ilv_queue_put(queue, message) != 0) {
            return 1;
        }
    }
    int status = -1;
    (void)waitpid(child, &status, 0);
    (void)printf("%.1f\n", (now() - start) / MESSAGES);
    return status == 0 ? 0 : 1;
}
