/* SPDX-License-Identifier: MIT */
#include <ilv/deadline.h>

struct timespec ilv_deadline_in(int64_t nanoseconds)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    int64_t now = at.tv_sec * ILV_SECOND + at.tv_nsec;
    int64_t then;
    if (__builtin_add_overflow(now, nanoseconds, &then))
        then = INT64_MAX;
    then = then < 0 ? 0 : then;
    return (struct timespec){.tv_sec = then / ILV_SECOND, .tv_nsec = then % ILV_SECOND};
}
