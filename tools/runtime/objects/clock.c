/* SPDX-License-Identifier: MIT */
/*
 * clock.c: the virtual clock.
 *
 *   clock                      base                counts
 *   REALTIME, TAI, coarse      2000-01-01 UTC      world.time
 *   MONOTONIC, RAW, BOOTTIME   1000 s              world.time
 *   PROCESS_CPUTIME            0                   steps of all tasks
 *   THREAD_CPUTIME             0                   steps of the task
 *
 * A program that spins on the clock until some time has passed would need a step for every
 * microsecond of it. So readings in a row by one task take longer and longer, up to a second
 * each: to the program this is a machine that took the CPU away.
 */
#include "objects/clock.h"

#include <errno.h>

#include "hash.h"

#define REALTIME_BASE (UINT64_C(946684800) * ILV_NS_PER_S)
#define MONOTONIC_BASE (UINT64_C(1000) * ILV_NS_PER_S)
#define STEP_NS UINT64_C(1000)
#define PATIENCE 32     /* readings in a row that take a step each */
#define LONGEST_LOG2 20 /* 1 us << 20: about a second */

/* Deadlines beyond this are never reached; far enough from UINT64_MAX ("none") to be added to. */
#define FOREVER (UINT64_MAX / 4)

/* Negative clock numbers are CPU clocks: ~id << 3, this bit for threads, 2 for "time used". */
#define THREAD_CLOCK 4
#define USED_CLOCK 2

static uint32_t clock_object;

uint32_t ilv__clock_object(void)
{
    if (clock_object == 0) {
        clock_object = ilv__object_make(ILV_CLASS_CLOCK, NULL, 0);
        struct ilv_object_info *info = ilv__object_info(clock_object);
        info->id = ilv_hash_combine(ILV_CLASS_CLOCK, 0);
        info->creator = 0;
        info->nth = 0;
    }
    return clock_object;
}

/* ---- bases -------------------------------------------------------------------------------- */

static uint64_t process_cpu(void)
{
    return ilv__world.step * STEP_NS;
}

static uint64_t task_cpu(const struct task *t)
{
    return t->info->steps * STEP_NS;
}

clockid_t ilv__clock_of_task(const struct task *t)
{
    return (clockid_t)((~(uint32_t)t->index << 3) | THREAD_CLOCK | USED_CLOCK);
}

static int cpu_clock_now(clockid_t clock, uint64_t *ns)
{
    uint32_t which = ~((uint32_t)clock >> 3) & (UINT32_MAX >> 3);
    *ns = process_cpu();
    if (((uint32_t)clock & THREAD_CLOCK) == 0)
        return 0;
    if (which >= ilv__world.run->task_count)
        return EINVAL;
    *ns = task_cpu(&ilv__world.task[which]);
    return 0;
}

enum base { NO_CLOCK, REALTIME, MONOTONIC, PROCESS, THREAD };

static const uint8_t base_of[] = {
    [CLOCK_REALTIME] = REALTIME,
    [CLOCK_MONOTONIC] = MONOTONIC,
    [CLOCK_PROCESS_CPUTIME_ID] = PROCESS,
    [CLOCK_THREAD_CPUTIME_ID] = THREAD,
    [CLOCK_MONOTONIC_RAW] = MONOTONIC,
    [CLOCK_REALTIME_COARSE] = REALTIME,
    [CLOCK_MONOTONIC_COARSE] = MONOTONIC,
    [CLOCK_BOOTTIME] = MONOTONIC,
    [CLOCK_REALTIME_ALARM] = REALTIME,
    [CLOCK_BOOTTIME_ALARM] = MONOTONIC,
    [CLOCK_TAI] = REALTIME,
};

int ilv__clock_now(clockid_t clock, uint64_t *ns)
{
    if (clock < 0)
        return cpu_clock_now(clock, ns);
    unsigned base = (size_t)clock < ILV_COUNT_OF(base_of) ? base_of[clock] : NO_CLOCK;
    const uint64_t now[] = {
        [REALTIME] = REALTIME_BASE + ilv__world.time,
        [MONOTONIC] = MONOTONIC_BASE + ilv__world.time,
        [PROCESS] = process_cpu(),
        [THREAD] = task_cpu(ilv__self),
    };
    *ns = now[base];
    return base == NO_CLOCK ? EINVAL : 0;
}

/* ---- spans and deadlines ------------------------------------------------------------------ */

static bool nanoseconds_valid(const struct timespec *t)
{
    return t->tv_nsec >= 0 && t->tv_nsec < (long)ILV_NS_PER_S;
}

static uint64_t nanoseconds(const struct timespec *t)
{
    if (t->tv_sec < 0)
        return 0;
    if ((uint64_t)t->tv_sec >= FOREVER / ILV_NS_PER_S)
        return FOREVER;
    return (uint64_t)t->tv_sec * ILV_NS_PER_S + (uint64_t)t->tv_nsec;
}

int ilv__clock_span(const struct timespec *span, uint64_t *ns)
{
    *ns = nanoseconds(span);
    return nanoseconds_valid(span) && span->tv_sec >= 0 ? 0 : EINVAL;
}

struct timespec ilv__clock_timespec(uint64_t ns)
{
    return (struct timespec){(time_t)(ns / ILV_NS_PER_S), (long)(ns % ILV_NS_PER_S)};
}

/* Never 0, which would be "no deadline". */
uint64_t ilv__clock_deadline(uint64_t ns)
{
    uint64_t deadline = ilv__world.time + (ns < FOREVER ? ns : FOREVER);
    return deadline != 0 ? deadline : 1;
}

int ilv__deadline(clockid_t clock, const struct timespec *absolute, uint64_t *deadline)
{
    uint64_t now = 0;
    int error = ilv__clock_now(clock, &now);
    if (error == 0 && !nanoseconds_valid(absolute))
        error = EINVAL;
    if (error != 0)
        return error;
    uint64_t then = nanoseconds(absolute);
    *deadline = ilv__clock_deadline(then > now ? then - now : 0);
    return 0;
}

/* ---- steps -------------------------------------------------------------------------------- */

static bool reads_again(const struct task *t)
{
    return t->spin_kind == ILV_EV_CLOCK_READ && t->spins > PATIENCE;
}

static void let_time_pass(const struct task *t)
{
    unsigned longer = t->spins - PATIENCE;
    ilv__world.time += STEP_NS << (longer < LONGEST_LOG2 ? longer : LONGEST_LOG2);
}

int ilv__clock_read(clockid_t clock, uint64_t *ns)
{
    struct ilv_op op = ilv__op(ILV_EV_CLOCK_READ, ilv__clock_object());
    ilv__point(&op, NULL);
    if (ilv_unlikely(reads_again(ilv__self)))
        let_time_pass(ilv__self);
    int error = ilv__clock_now(clock, ns);
    ilv__done(error, error == 0 ? *ns : 0);
    return error;
}

static bool never(const struct task *t)
{
    (void)t;
    return false;
}

int ilv__clock_sleep_until(uint64_t deadline)
{
    struct ilv_op op = ilv__op(ILV_EV_CLOCK_SLEEP, ilv__clock_object());
    op.flags = ILV_TIMED;
    op.deadline = deadline;
    ilv__self->interruptible = ILV_ALWAYS;
    int error = ilv__point(&op, never) == ILV_INTERRUPT ? EINTR : 0;
    ilv__done(error, 0);
    return error;
}

static uint64_t time_left(uint64_t deadline)
{
    return deadline > ilv__world.time ? deadline - ilv__world.time : 0;
}

static int sleep_error(clockid_t clock)
{
    uint64_t now = 0;
    if (clock == CLOCK_THREAD_CPUTIME_ID || ilv__clock_now(clock, &now) != 0)
        return EINVAL;
    bool only_read = clock == CLOCK_MONOTONIC_RAW || clock == CLOCK_REALTIME_COARSE ||
                     clock == CLOCK_MONOTONIC_COARSE;
    return only_read ? ENOTSUP : 0;
}

int ilv__clock_nanosleep(clockid_t clock, int flags, const struct timespec *span,
                         struct timespec *left)
{
    bool absolute = (flags & TIMER_ABSTIME) != 0;
    uint64_t deadline = 0;
    uint64_t ns = 0;
    int error = sleep_error(clock);
    if (error == 0)
        error = ilv__clock_span(span, &ns);
    if (error == 0 && absolute)
        error = ilv__deadline(clock, span, &deadline);
    if (error != 0)
        return error;
    if (!absolute)
        deadline = ilv__clock_deadline(ns);
    error = ilv__clock_sleep_until(deadline);
    if (error == EINTR && !absolute && left != NULL)
        *left = ilv__clock_timespec(time_left(deadline));
    return error;
}
