/* SPDX-License-Identifier: MIT */
/*
 * bench_pipe ilv|bare CORES: nanoseconds a round trip of 64 bytes between two processes, over
 * ilv_pipe or over two bare pipe(2), on one core or two. Prints one number.
 */
#include <ilv/pipe.h>

#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 50000, SIZE = 64 };

static struct ilv_pipe *ends[2];
static int there[2];
static int back[2];

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

static void fail(void)
{
    (void)fprintf(stderr, "bench_pipe: a message failed\n");
    _exit(1);
}

static void send(bool bare, int side, const char *bytes)
{
    if (bare ? write(side ? back[1] : there[1], bytes, SIZE) != SIZE
             : ilv_pipe_send(ends[side], bytes, SIZE) != 0) {
        fail();
    }
}

static void receive(bool bare, int side, char *bytes)
{
    size_t length = 0;
    if (bare ? read(side ? there[0] : back[0], bytes, SIZE) != SIZE
             : ilv_pipe_receive(ends[side], bytes, SIZE, &length) != 0) {
        fail();
    }
}

int main(int argc, char **argv)
{
    bool bare = argc > 1 && strcmp(argv[1], "bare") == 0;
    int cores = argc > 2 ? atoi(argv[2]) : 1;
    char bytes[SIZE] = "";
    if (ilv_pipe_open(&ends[0], &ends[1], ILV_PIPE_DUPLEX) != 0 || pipe(there) || pipe(back)) {
        return 1;
    }
    pid_t child = fork();
    if (child == 0) {
        pin((unsigned)cores - 1);
        for (int i = 0; i < ROUNDS; i++) {
            receive(bare, 1, bytes);
            send(bare, 1, bytes);
        }
        _exit(0);
    }
    pin(0);
    double start = now();
    for (int i = 0; i < ROUNDS; i++) {
        send(bare, 0, bytes);
        receive(bare, 0, bytes);
    }
    (void)printf("%.1f\n", (now() - start) / ROUNDS);
    (void)waitpid(child, NULL, 0);
    return 0;
}
