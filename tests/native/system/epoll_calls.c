/* SPDX-License-Identifier: MIT */
/* epoll: level, edge and one-shot; errors; a waiter that is woken; a set in a set. */
#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "result.h"

static int p[2];
static int set;

static void add(int fd, unsigned events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    SHOW(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event));
}

static void show(const char *what, int timeout)
{
    struct epoll_event events[4];
    long n = result_of(epoll_wait(set, events, 4, timeout));
    printf("%s: %ld", what, n);
    for (long i = 0; i < n; i++)
        printf(" %x", events[i].events);
    printf("\n");
}

static void *write_later(void *unused)
{
    usleep(200000);
    if (write(p[1], "later", 5) != 5)
        printf("no write\n");
    return unused;
}

int main(void)
{
    pthread_t thread;
    char text[16];
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT};
    SHOW(pipe(p));
    SHOW((set = epoll_create1(0)) > 0);
    SHOW(epoll_create(0));
    add(p[0], EPOLLIN);
    add(p[0], EPOLLIN);
    SHOW(epoll_ctl(set, EPOLL_CTL_ADD, 63, &event));
    SHOW(epoll_ctl(set, EPOLL_CTL_ADD, set, &event));
    SHOW(epoll_ctl(p[0], EPOLL_CTL_ADD, p[1], &event));
    SHOW(epoll_ctl(set, EPOLL_CTL_DEL, p[1], &event));
    SHOW(epoll_wait(set, &event, 0, 0));
    show("empty, at once", 0);
    show("empty, in time", 5);
    SHOW(write(p[1], "abc", 3));
    show("level", -1);
    show("level again", -1);
    SHOW(read(p[0], text, sizeof text));
    show("drained", 0);
    event.events = EPOLLIN | EPOLLET;
    SHOW(epoll_ctl(set, EPOLL_CTL_MOD, p[0], &event));
    SHOW(write(p[1], "abc", 3));
    show("edge", -1);
    show("edge again", 0);
    SHOW(write(p[1], "abc", 3));
    show("new edge", -1);
    SHOW(read(p[0], text, sizeof text));
    event.events = EPOLLIN | EPOLLONESHOT;
    SHOW(epoll_ctl(set, EPOLL_CTL_MOD, p[0], &event));
    SHOW(write(p[1], "abc", 3));
    show("one shot", -1);
    show("shot", 5);
    SHOW(epoll_ctl(set, EPOLL_CTL_MOD, p[0], &event));
    show("armed again", -1);
    SHOW(read(p[0], text, sizeof text));
    event.events = EPOLLIN;
    SHOW(epoll_ctl(set, EPOLL_CTL_MOD, p[0], &event));
    pthread_create(&thread, NULL, write_later, NULL);
    show("later", -1);
    pthread_join(thread, NULL);
    SHOW(close(p[1]));
    show("rest and end", -1);
    SHOW(read(p[0], text, sizeof text));
    show("end", -1);
    SHOW(close(p[0]));
    show("empty set", 0);
    return 0;
}
