/* SPDX-License-Identifier: MIT */
/*
 * bench_pipe ilv|bare|quiet CORES: nanoseconds a round trip of 64 bytes between two processes, over
 * ilv_pipe or over two bare pipe(2), on one core or two. Prints one number. "quiet" writes to the
 * bare pipes as a library must that may not raise SIGPIPE: by pwritev2(2) with RWF_NOSIGNAL, or by
 * writev(2) where the kernel does not know that.
 */
#include <ilv/pipe.h>

#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 50000, SIZE = 64, NO_SIGNAL = 0x100 };
enum over { ILV, BARE, QUIET };

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

static ssize_t write_quietly(int out, char *bytes)
{
    struct iovec part = {bytes, SIZE};
    ssize_t wrote = pwritev2(out, &part, 1, -1, NO_SIGNAL);
    return wrote >= 0 ? wrote : writev(out, &part, 1);
}

static void send(enum over over, int side, char *bytes)
{
    int out = side ? back[1] : there[1];
    bool sent = over == ILV    ? ilv_pipe_send(ends[side], bytes, SIZE) == 0
                : over == BARE ? write(out, bytes, SIZE) == SIZE
                               : write_quietly(out, bytes) == SIZE;
    if (!sent) {
        fail();
    }
}

static void receive(enum over over, int side, char *bytes)
{
    size_t length = 0;
    if (over == ILV ? ilv_pipe_receive(ends[side], bytes, SIZE, &length) != 0
                    : read(side ? there[0] : back[0], bytes, SIZE) != SIZE) {
        fail();
    }
}

int main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "ilv";
    enum over over = strcmp(word, "bare") == 0 ? BARE : strcmp(word, "quiet") == 0 ? QUIET : ILV;
    int cores = argc > 2 ? atoi(argv[2]) : 1;
    char bytes[SIZE] = "";
    if (ilv_pipe_open(&ends[0], &ends[1], ILV_PIPE_DUPLEX) != 0 || pipe(there) || pipe(back)) {
        return 1;
    }
    pid_t child = fork();
    if (child == 0) {
        pin((unsigned)cores - 1);
        for (int i = 0; i < ROUNDS; i++) {
            receive(over, 1, bytes);
            send(over, 1, bytes);
        }
        _exit(0);
    }
    pin(0);
    double start = now();
    for (int i = 0; i < ROUNDS; i++) {
        send(over, 0, bytes);
        receive(over, 0, bytes);
    }
    (void)printf("%.1f\n", (now() - start) / ROUNDS);
    (void)waitpid(child, NULL, 0);
    return 0;
}
