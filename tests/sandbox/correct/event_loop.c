/* SPDX-License-Identifier: MIT */
/* An epoll loop that others wake through an eventfd. */
/* fault 1: woken only when it looks asleep, a look without a lock */
/* finds 1: deadlock (stuck) | deadlock (channel) | deadlock (join) */
#include <sched.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int wake_fd, poll_fd, tasks, done, asleep;

static void *submit(void *argument)
{
    uint64_t one = 1;
    lock(&mutex);
    tasks++;
    unlock(&mutex);
    if (fault != 1 || asleep)
        must(write(wake_fd, &one, sizeof one) != sizeof one);
    return argument;
}

static void serve(void)
{
    lock(&mutex);
    done += tasks;
    tasks = 0;
    unlock(&mutex);
}

static void *loop(void *argument)
{
    struct epoll_event event;
    uint64_t count;
    while (done < 3) {
        asleep = 1;
        must(epoll_wait(poll_fd, &event, 1, -1) != 1 || event.data.fd != wake_fd);
        asleep = 0;
        must(read(wake_fd, &count, sizeof count) != sizeof count);
        serve();
    }
    return argument;
}

static void *body(void *argument)
{
    return argument ? submit(argument) : loop(argument);
}

int main(void)
{
    wake_fd = eventfd(0, EFD_CLOEXEC);
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = wake_fd};
    must(wake_fd < 0 || epoll_ctl(poll_fd, EPOLL_CTL_ADD, wake_fd, &event));
    run_threads(4, body);
    holds(done == 3);
}
