/* SPDX-License-Identifier: MIT */
#include "descriptors.h"

#include <errno.h>
#include <stdbool.h>

/* What is left until the deadline; zero when it has passed. */
static struct timespec time_left(const struct timespec *deadline)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    struct timespec left = {deadline->tv_sec - now.tv_sec, deadline->tv_nsec - now.tv_nsec};
    if (left.tv_nsec < 0) {
        left.tv_sec--;
        left.tv_nsec += 1000000000;
    }
    if (left.tv_sec < 0) {
        left = (struct timespec){0, 0};
    }
    return left;
}

int ilv__poll(struct pollfd *descriptors, size_t count, const struct timespec *deadline)
{
    for (;;) {
        struct timespec left;
        if (deadline) {
            left = time_left(deadline);
        }
        int ready = ppoll(descriptors, count, deadline ? &left : NULL, NULL);
        if (ready > 0) {
            return 0;
        }
        if (ready < 0 && errno != EINTR) {
            return errno;
        }
        if (ready == 0 && left.tv_sec == 0 && left.tv_nsec == 0) {
            return ETIMEDOUT;
        }
    }
}

int ilv__poll_one(int descriptor, short events, const struct timespec *deadline)
{
    struct pollfd one = {.fd = descriptor, .events = events};
    return ilv__poll(&one, 1, deadline);
}

int ilv__poll_now(int descriptor, short events)
{
    struct timespec past = {0, 0};
    int error = ilv__poll_one(descriptor, events, &past);
    return error == ETIMEDOUT ? EAGAIN : error;
}
