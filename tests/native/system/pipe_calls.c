/* SPDX-License-Identifier: MIT */
/* Pipes by one thread: every call, its value and its errors. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "result.h"

int main(void)
{
    int p[2];
    char text[32] = {0};
    static char large[100000];
    struct iovec both[2] = {{text, 2}, {text + 2, 2}};
    char ab[] = "ab";
    char cdef[] = "cdef";
    struct iovec out[2] = {{ab, 2}, {cdef, 4}};
    int waiting = 0;
    signal(SIGPIPE, SIG_IGN);
    SHOW(pipe2(p, O_NONBLOCK));
    SHOW(read(p[0], text, 1));
    SHOW(write(p[1], "hello", 5));
    SHOW(ioctl(p[0], FIONREAD, &waiting));
    printf("waiting %d\n", waiting);
    SHOW(read(p[0], text, 0));
    SHOW(read(p[0], text, 3));
    SHOW(writev(p[1], out, 2));
    SHOW(readv(p[0], both, 2));
    printf("%s\n", text);
    SHOW(read(p[0], text, sizeof text));
    SHOW(write(p[1], large, sizeof large));
    SHOW(write(p[1], large, 1));
    SHOW(write(p[1], large, 5000));
    SHOW(read(p[0], large, 4096));
    SHOW(write(p[1], large, 5000));
    SHOW(read(p[1], text, 1));
    SHOW(write(p[0], text, 1));
    SHOW(lseek(p[0], 0, SEEK_CUR));
    SHOW(pread(p[0], text, 1, 0));
    SHOW(fcntl(p[0], F_GETFL) & O_NONBLOCK);
    SHOW(fcntl(p[0], F_SETFL, 0));
    SHOW(fcntl(p[0], F_GETFL) & O_NONBLOCK);
    SHOW(close(p[0]));
    SHOW(write(p[1], "x", 1));
    SHOW(write(p[1], "x", 0));
    SHOW(close(p[1]));
    SHOW(close(p[1]));
    SHOW(read(p[0], text, 1));
    SHOW(write(p[1], text, 1));
    SHOW(pipe2(p, 0xffff));
    SHOW(pipe(p));
    SHOW(dup2(p[1], 20));
    SHOW(close(p[1]));
    SHOW(write(20, "dup", 3));
    SHOW(dup(20) > 2);
    SHOW(fcntl(20, F_DUPFD, 30));
    SHOW(close_range(3, ~0u, 0) == 0 || errno != 0);
    SHOW(read(p[0], text, 3));
    SHOW(write(30, text, 3));
    return 0;
}
