/* SPDX-License-Identifier: MIT */
/* poll, ppoll, select, pselect: what they say of pipes in every state, their times and errors. */
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "result.h"

static int p[2];

static void *write_later(void *unused)
{
    usleep(200000);
    if (write(p[1], "later", 5) != 5)
        printf("no write\n");
    return unused;
}

static void show_poll(const char *what, int fd, short events, int timeout)
{
    struct pollfd one = {.fd = fd, .events = events, .revents = 77};
    long n = result_of(poll(&one, 1, timeout));
    printf("%s: %ld revents %d\n", what, n, one.revents);
}

static void show_select(const char *what, int read_fd, int write_fd, long microseconds)
{
    fd_set r;
    fd_set w;
    struct timeval limit = {0, microseconds};
    FD_ZERO(&r);
    FD_ZERO(&w);
    if (read_fd >= 0)
        FD_SET(read_fd, &r);
    if (write_fd >= 0)
        FD_SET(write_fd, &w);
    long n = result_of(select(64, &r, &w, NULL, microseconds < 0 ? NULL : &limit));
    printf("%s: %ld read %d write %d\n", what, n, read_fd >= 0 && FD_ISSET(read_fd, &r),
           write_fd >= 0 && FD_ISSET(write_fd, &w));
}

int main(void)
{
    pthread_t thread;
    struct timespec short_time = {0, 1000000};
    struct timespec bad_time = {0, -1};
    fd_set set;
    char text[8];
    SHOW(pipe(p));
    show_poll("empty, at once", p[0], POLLIN, 0);
    show_poll("empty, in time", p[0], POLLIN, 5);
    show_poll("room", p[1], POLLOUT, -1);
    show_poll("closed descriptor", 63, POLLIN, -1);
    show_poll("no descriptor", -1, POLLIN, 1);
    SHOW(poll(NULL, 0, 10));
    SHOW(ppoll(NULL, 0, &short_time, NULL));
    SHOW(ppoll(NULL, 0, &bad_time, NULL));
    show_select("empty, at once", p[0], -1, 0);
    show_select("empty, in time", p[0], -1, 3000);
    show_select("room", p[0], p[1], -1);
    show_select("closed", 63, -1, 0);
    SHOW(select(-1, NULL, NULL, NULL, NULL));
    FD_ZERO(&set);
    FD_SET(p[0], &set);
    SHOW(pselect(p[0] + 1, &set, NULL, NULL, &short_time, NULL));
    pthread_create(&thread, NULL, write_later, NULL);
    show_poll("later", p[0], POLLIN, -1);
    pthread_join(thread, NULL);
    SHOW(read(p[0], text, sizeof text));
    pthread_create(&thread, NULL, write_later, NULL);
    show_select("later", p[0], -1, -1);
    pthread_join(thread, NULL);
    SHOW(close(p[1]));
    show_poll("rest and end", p[0], POLLIN, -1);
    SHOW(read(p[0], text, sizeof text));
    show_poll("end", p[0], POLLIN, -1);
    show_select("end", p[0], -1, -1);
    SHOW(close(p[0]));
    SHOW(pipe(p));
    SHOW(close(p[0]));
    show_poll("nobody reads", p[1], POLLOUT, -1);
    return 0;
}
