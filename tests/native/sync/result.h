/* SPDX-License-Identifier: MIT */
/*
 * result.h: how the twins print. A twin runs natively and in the sandbox; what it prints must be
 * the same whatever the schedule, so it prints results and error names, never times or addresses.
 */
#ifndef ILV_TWIN_RESULT_H
#define ILV_TWIN_RESULT_H

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* The name of what a call of pthreads returned. */
static inline const char *name_of(int error)
{
    if (error == PTHREAD_BARRIER_SERIAL_THREAD)
        return "SERIAL";
    return error == 0 ? "0" : strerrorname_np(error);
}

/* Prints an expression and its result. */
#define SHOW(call) printf("%s: %s\n", #call, name_of(call))
/* The same for calls that return -1 and set errno. */
#define SHOW_ERRNO(call) printf("%s: %s\n", #call, (call) == 0 ? "0" : strerrorname_np(errno))
#define SHOW_VALUE(expression) printf("%s: %ld\n", #expression, (long)(expression))

/* The time on this clock, so many milliseconds from now. */
static inline struct timespec from_now(clockid_t clock, long ms)
{
    struct timespec t;
    clock_gettime(clock, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

/* Runs a function as a thread and waits for its end. */
static inline void in_thread(void *(*function)(void *), void *argument)
{
    pthread_t thread;
    pthread_create(&thread, NULL, function, argument);
    pthread_join(thread, NULL);
}

#endif
