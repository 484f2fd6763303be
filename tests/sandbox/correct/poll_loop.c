/* SPDX-License-Identifier: MIT */
/* A poll loop over two pipes until both writers have closed their ends. */
/* fault 1: one writer forgets to close */
/* finds 1: deadlock (stuck) | deadlock (channel) */
#include <poll.h>
#include <unistd.h>

#include "threads.h"

static int ends[2][2];

static void *writer(void *argument)
{
    long me = (long)argument;
    for (char i = 0; i < 3; i++)
        must(write(ends[me][1], &i, 1) != 1);
    if (!(fault == 1 && me == 1))
        must(close(ends[me][1]));
    return NULL;
}

static int take(int fd)
{
    char bytes[16];
    ssize_t got = read(fd, bytes, sizeof bytes);
    must(got < 0);
    return (int)got;
}

int main(void)
{
    must(pipe(ends[0]) || pipe(ends[1]));
    pthread_t a = thread(writer, (void *)0), b = thread(writer, (void *)1);
    struct pollfd fds[2] = {{ends[0][0], POLLIN, 0}, {ends[1][0], POLLIN, 0}};
    int bytes = 0;
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        must(poll(fds, 2, -1) < 1);
        for (int i = 0; i < 2; i++) {
            int got = fds[i].revents ? take(fds[i].fd) : -1;
            bytes += got > 0 ? got : 0;
            fds[i].fd = got == 0 ? -1 : fds[i].fd;
        }
    }
    holds(bytes == 6);
    join(a);
    join(b);
}
