/* SPDX-License-Identifier: MIT */
/*
 * time.c: the doors of time: clocks, sleeping, alarms and timers. Clock readings pass no system
 * call (vdso), so the symbols are the only doors there are.
 */
#include <errno.h>
#include <limits.h>
#include <sys/time.h>
#include <sys/times.h>

#include "intercept/doors.h"
#include "intercept/sanitizer.h"
#include "objects/clock.h"
#include "objects/timer.h"

#define US 1000u
#define TIMES_NS (ILV_NS_PER_S / 100) /* sysconf(_SC_CLK_TCK) is 100 */
#define COARSE_NS 4000000

/* ---- clocks ------------------------------------------------------------------------------- */

static int read_clock(clockid_t clock, struct timespec *now)
{
    uint64_t ns = 0;
    int error = ilv__clock_read(clock, &ns);
    if (error == 0)
        *now = ilv__clock_timespec(ns);
    return -error;
}

int ilv_door_clock_gettime(clockid_t clock, struct timespec *now)
{
    if (ilv__sanitizer_asks(__builtin_return_address(0)))
        return ilv__real()->clock_gettime(clock, now);
    ILV_DOOR_ERRNO(int, clock_gettime(clock, now), read_clock(clock, now));
}

static int resolution_of(clockid_t clock, struct timespec *resolution)
{
    uint64_t ns;
    int error = ilv__clock_now(clock, &ns);
    bool coarse = clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
    if (error == 0 && resolution != NULL)
        *resolution = (struct timespec){0, coarse ? COARSE_NS : 1};
    return -error;
}

int ilv_door_clock_getres(clockid_t clock, struct timespec *resolution)
{
    ILV_DOOR_ERRNO(int, clock_getres(clock, resolution), resolution_of(clock, resolution));
}

/* Nobody sets the clock of the sandbox. */
static int refuse_setting(clockid_t clock)
{
    return clock == CLOCK_REALTIME ? -EPERM : -EINVAL;
}

int ilv_door_clock_settime(clockid_t clock, const struct timespec *now)
{
    ILV_DOOR_ERRNO(int, clock_settime(clock, now), refuse_setting(clock));
}

int ilv_door_settimeofday(const struct timeval *now, const struct timezone *zone)
{
    ILV_DOOR_ERRNO(int, settimeofday(now, zone), -EPERM);
}

static int process_clock(pid_t pid, clockid_t *clock)
{
    if (pid != 0 && pid != ilv__virtual_pid())
        return ESRCH;
    *clock = CLOCK_PROCESS_CPUTIME_ID;
    return 0;
}

int ilv_door_clock_getcpuclockid(pid_t pid, clockid_t *clock)
{
    ILV_DOOR(int, clock_getcpuclockid(pid, clock), process_clock(pid, clock));
}

static int read_timeval(struct timeval *now, void *zone)
{
    uint64_t ns = 0;
    ilv__clock_read(CLOCK_REALTIME, &ns);
    *now = (struct timeval){(time_t)(ns / ILV_NS_PER_S), (suseconds_t)(ns % ILV_NS_PER_S / US)};
    if (zone != NULL)
        *(struct timezone *)zone = (struct timezone){0, 0};
    return 0;
}

int ilv_door_gettimeofday(struct timeval *now, void *zone)
{
    ILV_DOOR(int, gettimeofday(now, zone), read_timeval(now, zone));
}

static time_t read_seconds(time_t *now)
{
    uint64_t ns = 0;
    ilv__clock_read(CLOCK_REALTIME, &ns);
    time_t seconds = (time_t)(ns / ILV_NS_PER_S);
    if (now != NULL)
        *now = seconds;
    return seconds;
}

time_t ilv_door_time(time_t *now)
{
    ILV_DOOR(time_t, time(now), read_seconds(now));
}

static clock_t read_cpu(uint64_t unit)
{
    uint64_t ns = 0;
    ilv__clock_read(CLOCK_PROCESS_CPUTIME_ID, &ns);
    return (clock_t)(ns / unit);
}

clock_t ilv_door_clock(void)
{
    ILV_DOOR(clock_t, clock(), read_cpu(US));
}

static clock_t read_times(struct tms *times)
{
    uint64_t ns = 0;
    if (times != NULL)
        *times = (struct tms){.tms_utime = read_cpu(TIMES_NS)};
    ilv__clock_read(CLOCK_MONOTONIC, &ns);
    return (clock_t)(ns / TIMES_NS);
}

clock_t ilv_door_times(struct tms *times)
{
    ILV_DOOR(clock_t, times(times), read_times(times));
}

static int read_base(struct timespec *now, int base)
{
    return base == TIME_UTC && read_clock(CLOCK_REALTIME, now) == 0 ? base : 0;
}

int ilv_door_timespec_get(struct timespec *now, int base)
{
    ILV_DOOR(int, timespec_get(now, base), read_base(now, base));
}

/* ---- sleeping ----------------------------------------------------------------------------- */

int ilv_door_clock_nanosleep(clockid_t clock, int flags, const struct timespec *span,
                             struct timespec *left)
{
    ILV_DOOR(int, clock_nanosleep(clock, flags, span, left),
             ilv__clock_nanosleep(clock, flags, span, left));
}

int ilv_door_nanosleep(const struct timespec *span, struct timespec *left)
{
    ILV_DOOR_ERRNO(int, nanosleep(span, left),
                   -ilv__clock_nanosleep(CLOCK_REALTIME, 0, span, left));
}

int ilv_door_usleep(useconds_t span)
{
    ILV_DOOR_ERRNO(int, usleep(span),
                   -ilv__clock_sleep_until(ilv__clock_deadline((uint64_t)span * US)));
}

/* The seconds that were left, rounded down, as glibc has it. */
static unsigned sleep_seconds(unsigned span)
{
    struct timespec left = {(time_t)span, 0};
    int error = ilv__clock_nanosleep(CLOCK_REALTIME, 0, &left, &left);
    if (error != 0)
        errno = error;
    return error == 0 ? 0 : (unsigned)left.tv_sec;
}

unsigned ilv_door_sleep(unsigned span)
{
    ILV_DOOR(unsigned, sleep(span), sleep_seconds(span));
}

/* ---- alarms ------------------------------------------------------------------------------- */

unsigned ilv_door_alarm(unsigned seconds)
{
    ILV_DOOR(unsigned, alarm(seconds), ilv__timer_alarm(seconds));
}

static useconds_t set_ualarm(useconds_t first, useconds_t interval)
{
    struct itimerval old;
    ilv__timer_alarm_set(ITIMER_REAL, (uint64_t)first * US, (uint64_t)interval * US, &old);
    return (useconds_t)(old.it_value.tv_sec * 1000000 + old.it_value.tv_usec);
}

useconds_t ilv_door_ualarm(useconds_t first, useconds_t interval)
{
    ILV_DOOR(useconds_t, ualarm(first, interval), set_ualarm(first, interval));
}

int ilv_door_getitimer(int which, struct itimerval *now)
{
    ILV_DOOR_ERRNO(int, getitimer(which, now), -ilv__timer_alarm_get(which, now));
}

int ilv_door_setitimer(int which, const struct itimerval *new, struct itimerval *old)
{
    ILV_DOOR_ERRNO(int, setitimer(which, new, old), ilv__timer_setitimer(which, new, old));
}

/* ---- POSIX timers ------------------------------------------------------------------------- */

int ilv_door_timer_create(clockid_t clock, struct sigevent *event, timer_t *id)
{
    ILV_DOOR_ERRNO(int, timer_create(clock, event, id), -ilv__timer_create(clock, event, id));
}

int ilv_door_timer_settime(timer_t id, int flags, const struct itimerspec *new,
                           struct itimerspec *old)
{
    ILV_DOOR_ERRNO(int, timer_settime(id, flags, new, old),
                   -ilv__timer_settime(id, flags, new, old));
}

int ilv_door_timer_gettime(timer_t id, struct itimerspec *now)
{
    ILV_DOOR_ERRNO(int, timer_gettime(id, now), -ilv__timer_gettime(id, now));
}

int ilv_door_timer_delete(timer_t id)
{
    ILV_DOOR_ERRNO(int, timer_delete(id), -ilv__timer_delete(id));
}

int ilv_door_timer_getoverrun(timer_t id)
{
    ILV_DOOR_ERRNO(int, timer_getoverrun(id), ilv__timer_overrun(id));
}
