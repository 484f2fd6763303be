/* SPDX-License-Identifier: MIT */
/* Every call that reads a clock or sleeps: what it returns, what it refuses, that time goes on. */
#include <stdint.h>
#include <sys/time.h>
#include <sys/times.h>
#include <threads.h>
#include <unistd.h>

#include "../sync/result.h"

static int64_t ns(clockid_t clock)
{
    struct timespec t = {0, 0};
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void readings(void)
{
    static const clockid_t clocks[] = {
        CLOCK_REALTIME,          CLOCK_MONOTONIC,     CLOCK_PROCESS_CPUTIME_ID,
        CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
        CLOCK_MONOTONIC_COARSE,  CLOCK_BOOTTIME,      CLOCK_TAI,
    };
    struct timespec t;
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        int64_t before = ns(clocks[i]);
        printf("clock %d: %s, goes back %d\n", clocks[i],
               name_of(clock_gettime(clocks[i], &t) == 0 ? 0 : errno), ns(clocks[i]) < before);
    }
    SHOW_ERRNO(clock_gettime(12345, &t));
    SHOW_ERRNO(clock_getres(12345, &t));
    SHOW_ERRNO(clock_getres(CLOCK_MONOTONIC, &t));
    printf("resolution %ld\n", t.tv_nsec);
    SHOW_ERRNO(clock_getres(CLOCK_REALTIME, NULL));
    SHOW_ERRNO(clock_settime(CLOCK_MONOTONIC, &t));
}

static void other_calls(void)
{
    struct timeval tv;
    struct tms tms;
    struct timespec t;
    clockid_t id = -1;
    SHOW_ERRNO(gettimeofday(&tv, NULL));
    SHOW_VALUE(tv.tv_usec >= 0 && tv.tv_usec < 1000000);
    time_t now = time(NULL);
    SHOW_VALUE(now > 900000000);
    SHOW_VALUE(time(&now) == now);
    SHOW_VALUE(now - tv.tv_sec <= 1);
    SHOW_VALUE(clock_gettime(CLOCK_REALTIME, &t) == 0 && t.tv_sec - now <= 1);
    SHOW_VALUE(clock_gettime(CLOCK_MONOTONIC, &t) == 0 && t.tv_sec > 0);
    SHOW_VALUE(clock() >= 0);
    SHOW_VALUE(times(&tms) != (clock_t)-1);
    SHOW_VALUE(timespec_get(&t, TIME_UTC));
    SHOW_VALUE(timespec_get(&t, 77));
    SHOW(clock_getcpuclockid(0, &id));
    SHOW_ERRNO(clock_gettime(id, &t));
    SHOW(clock_getcpuclockid(99999999, &id));
    SHOW(pthread_getcpuclockid(pthread_self(), &id));
    SHOW_ERRNO(clock_gettime(id, &t));
}

#define SHOW_SLEEP(call, least)                                                \
    do {                                                                       \
        int64_t before = ns(CLOCK_MONOTONIC);                                  \
        printf("%s: %s", #call, (call) == 0 ? "0" : strerrorname_np(errno));   \
        printf(", long enough %d\n", ns(CLOCK_MONOTONIC) - before >= (least)); \
    } while (0)

static void sleeping(void)
{
    struct timespec ms = {0, 1000000};
    struct timespec none = {0, 0};
    struct timespec negative = {-1, 0};
    struct timespec wrong = {0, 1000000000};
    struct timespec below = {0, -1};
    struct timespec left = {55, 55};
    SHOW_SLEEP(nanosleep(&ms, &left), 1000000);
    SHOW_VALUE(left.tv_sec);
    SHOW_SLEEP(nanosleep(&none, NULL), 0);
    SHOW_ERRNO(nanosleep(&negative, NULL));
    SHOW_ERRNO(nanosleep(&wrong, NULL));
    SHOW_ERRNO(nanosleep(&below, NULL));
    SHOW_SLEEP(usleep(1000), 1000000);
    SHOW_SLEEP(usleep(0), 0);
    SHOW_SLEEP(sleep(0), 0);
    SHOW_SLEEP(thrd_sleep(&ms, NULL), 1000000);
    SHOW_VALUE(thrd_sleep(&wrong, NULL));
    SHOW_SLEEP(clock_nanosleep(CLOCK_MONOTONIC, 0, &ms, NULL), 1000000);
    SHOW(clock_nanosleep(CLOCK_REALTIME, 0, &wrong, NULL));
    SHOW(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &ms, NULL));
    SHOW(clock_nanosleep(CLOCK_MONOTONIC_RAW, 0, &ms, NULL));
    SHOW(clock_nanosleep(12345, 0, &ms, NULL));
}

static void absolute(void)
{
    struct timespec past = {1, 0};
    struct timespec wrong = {1, 1000000000};
    struct timespec soon = from_now(CLOCK_MONOTONIC, 2);
    SHOW(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &soon, NULL));
    SHOW_VALUE(ns(CLOCK_MONOTONIC) >= (int64_t)soon.tv_sec * 1000000000 + soon.tv_nsec);
    soon = from_now(CLOCK_REALTIME, 2);
    SHOW(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &soon, NULL));
    SHOW_VALUE(ns(CLOCK_REALTIME) >= (int64_t)soon.tv_sec * 1000000000 + soon.tv_nsec);
    SHOW(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &past, NULL));
    SHOW(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &wrong, NULL));
}

/* Ends natively too: whoever spins on a clock sees it move. */
static void spinning(void)
{
    int64_t until = ns(CLOCK_MONOTONIC) + 20000000;
    while (ns(CLOCK_MONOTONIC) < until)
        continue;
    puts("20 ms have passed");
    clock_t cpu = clock();
    while (clock() == cpu)
        continue;
    puts("CPU time has passed");
}

static void *sleeps(void *argument)
{
    struct timespec span = {0, *(const long *)argument * 1000000};
    nanosleep(&span, NULL);
    return NULL;
}

static void together(void)
{
    static const long spans[] = {5, 1, 3};
    pthread_t thread[3];
    int64_t before = ns(CLOCK_MONOTONIC);
    for (int i = 0; i < 3; i++)
        pthread_create(&thread[i], NULL, sleeps, (void *)(uintptr_t)&spans[i]);
    for (int i = 0; i < 3; i++)
        pthread_join(thread[i], NULL);
    SHOW_VALUE(ns(CLOCK_MONOTONIC) - before >= 5000000);
}

int main(void)
{
    readings();
    other_calls();
    sleeping();
    absolute();
    spinning();
    together();
    return 0;
}
