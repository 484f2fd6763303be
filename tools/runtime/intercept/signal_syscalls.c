/* SPDX-License-Identifier: MIT */
/*
 * signal_syscalls.c: signals and timers by system call number (syscalls.def): the kernel's
 * layouts, the same models. Six arguments; the value or -errno.
 */
#include <errno.h>
#include <string.h>
#include <sys/time.h>

#include "intercept/doors.h"
#include "objects/clock.h"
#include "objects/signal.h"
#include "objects/timer.h"

#define SET_SIZE 8

/* struct sigaction as the kernel has it. */
struct kernel_action {
    sighandler_t handler;
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

#define CALL(name)                                  \
    long ilv__sys_##name(const long *a) ILV_HIDDEN; \
    long ilv__sys_##name(const long *a)

static void *pointer(long a)
{
    return (void *)(uintptr_t)a;
}

static struct sigaction from_kernel(const struct kernel_action *k)
{
    struct sigaction action = {.sa_handler = k->handler, .sa_flags = (int)k->flags};
    memcpy(&action.sa_mask, &k->mask, sizeof k->mask);
    return action;
}

CALL(rt_sigaction)
{
    const struct kernel_action *new = pointer(a[1]);
    struct kernel_action *old = pointer(a[2]);
    struct sigaction action = {.sa_flags = 0};
    struct sigaction before;
    if (a[3] != SET_SIZE)
        return -EINVAL;
    if (new != NULL)
        action = from_kernel(new);
    int error = ilv__signal_action((int)a[0], new != NULL ? &action : NULL, &before);
    if (error == 0 && old != NULL)
        *old = (struct kernel_action){.handler = before.sa_handler,
                                      .flags = (unsigned)before.sa_flags,
                                      .mask = ilv__signal_set(&before.sa_mask)};
    return error;
}

CALL(rt_sigprocmask)
{
    const uint64_t *set = pointer(a[1]);
    uint64_t *old = pointer(a[2]);
    return a[3] == SET_SIZE ? ilv__signal_mask((int)a[0], set, old) : -EINVAL;
}

CALL(rt_sigpending)
{
    return ilv__signal_pending(pointer(a[0]));
}

CALL(rt_sigtimedwait)
{
    const uint64_t *set = pointer(a[0]);
    siginfo_t *info = pointer(a[1]);
    siginfo_t got;
    if (a[3] != SET_SIZE)
        return -EINVAL;
    int signal = ilv__signal_wait(*set, &got, pointer(a[2]), false);
    if (signal > 0 && info != NULL)
        *info = got;
    return signal;
}

CALL(rt_sigsuspend)
{
    const uint64_t *mask = pointer(a[0]);
    return a[1] == SET_SIZE ? ilv__signal_suspend(*mask) : -EINVAL;
}

CALL(pause)
{
    (void)a;
    return ilv__signal_pause();
}

CALL(sigaltstack)
{
    return ilv__signal_altstack(pointer(a[0]), pointer(a[1]));
}

CALL(kill)
{
    return ilv__signal_kill((pid_t)a[0], (int)a[1]);
}

CALL(tkill)
{
    return ilv__signal_kill_tid(-1, (pid_t)a[0], (int)a[1]);
}

CALL(tgkill)
{
    return ilv__signal_kill_tid((pid_t)a[0], (pid_t)a[1], (int)a[2]);
}

CALL(rt_sigqueueinfo)
{
    const siginfo_t *info = pointer(a[2]);
    return ilv__signal_queue((pid_t)a[0], (int)a[1], info->si_value);
}

CALL(rt_tgsigqueueinfo)
{
    const siginfo_t *info = pointer(a[3]);
    return ilv__signal_queue_tid((pid_t)a[0], (pid_t)a[1], (int)a[2], info->si_value);
}

/* ---- alarms and timers -------------------------------------------------------------------- */

CALL(alarm)
{
    return (long)ilv__timer_alarm((unsigned)a[0]);
}

CALL(setitimer)
{
    return ilv__timer_setitimer((int)a[0], pointer(a[1]), pointer(a[2]));
}

CALL(getitimer)
{
    return -ilv__timer_alarm_get((int)a[0], pointer(a[1]));
}

/* The kernel's timers are ints. */
CALL(timer_create)
{
    int *id = pointer(a[2]);
    timer_t made;
    int error = ilv__timer_create((clockid_t)a[0], pointer(a[1]), &made);
    if (error == 0)
        *id = (int)(uintptr_t)made;
    return -error;
}

CALL(timer_settime)
{
    return -ilv__timer_settime(pointer(a[0]), (int)a[1], pointer(a[2]), pointer(a[3]));
}

CALL(timer_gettime)
{
    return -ilv__timer_gettime(pointer(a[0]), pointer(a[1]));
}

CALL(timer_getoverrun)
{
    return ilv__timer_overrun(pointer(a[0]));
}

CALL(timer_delete)
{
    return -ilv__timer_delete(pointer(a[0]));
}
