/* SPDX-License-Identifier: MIT */
/*
 * signal.c: the doors of signals. Those that glibc makes out of others (sigset, raise, ...) call
 * these inside glibc without passing a symbol: so all of them are doors of their own.
 */
#include <errno.h>

#include "intercept/doors.h"
#include "objects/signal.h"

static void write_set(sigset_t *set, uint64_t bits)
{
    sigemptyset(set);
    __builtin_memcpy(set, &bits, sizeof bits);
}

/* ---- dispositions ------------------------------------------------------------------------- */

int ilv_door_sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
    ILV_DOOR_ERRNO(int, sigaction(signal, action, old), ilv__signal_action(signal, action, old));
}

int ilv_door___sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
    return ilv_door_sigaction(signal, action, old);
}

static sighandler_t set_handler(int signal, sighandler_t handler, int flags)
{
    sighandler_t old;
    ilv__errno(ilv__signal_handler(signal, handler, flags, &old));
    return old;
}

sighandler_t ilv_door_signal(int signal, sighandler_t handler)
{
    ILV_DOOR(sighandler_t, signal(signal, handler), set_handler(signal, handler, SA_RESTART));
}

sighandler_t ilv_door_bsd_signal(int signal, sighandler_t handler)
{
    return ilv_door_signal(signal, handler);
}

sighandler_t ilv_door_ssignal(int signal, sighandler_t handler)
{
    return ilv_door_signal(signal, handler);
}

sighandler_t ilv_door_sysv_signal(int signal, sighandler_t handler)
{
    ILV_DOOR(sighandler_t, sysv_signal(signal, handler),
             set_handler(signal, handler, (int)SA_RESETHAND | SA_NODEFER));
}

sighandler_t ilv_door___sysv_signal(int signal, sighandler_t handler)
{
    return ilv_door_sysv_signal(signal, handler);
}

static int change_one(int how, int signal, uint64_t *old)
{
    bool in_range = signal >= 1 && signal <= ILV_SIGNAL_MAX;
    uint64_t bit = in_range ? ilv__signal_bit(signal) : 0;
    return in_range ? ilv__signal_mask(how, &bit, old) : -EINVAL;
}

/* SIG_HOLD blocks the signal; anything else installs a handler and unblocks it. What comes back
 * is SIG_HOLD when the signal was blocked. */
static sighandler_t set_or_hold(int signal, sighandler_t handler)
{
    uint64_t mask = 0;
    struct sigaction old = {.sa_handler = SIG_ERR};
    struct sigaction new = {.sa_handler = handler};
    bool hold = handler == SIG_HOLD;
    int error = ilv__signal_action(signal, hold ? NULL : &new, &old);
    if (error == 0)
        error = change_one(hold ? SIG_BLOCK : SIG_UNBLOCK, signal, &mask);
    if (ilv__errno(error) != 0)
        return SIG_ERR;
    return (mask & ilv__signal_bit(signal)) != 0 ? SIG_HOLD : old.sa_handler;
}

sighandler_t ilv_door_sigset(int signal, sighandler_t handler)
{
    ILV_DOOR(sighandler_t, sigset(signal, handler), set_or_hold(signal, handler));
}

int ilv_door_sigignore(int signal)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    ILV_DOOR_ERRNO(int, sigignore(signal), ilv__signal_action(signal, &ignore, NULL));
}

int ilv_door_siginterrupt(int signal, int flag)
{
    ILV_DOOR_ERRNO(int, siginterrupt(signal, flag), ilv__signal_interrupt(signal, flag));
}

/* ---- masks -------------------------------------------------------------------------------- */

static int change_mask(int how, const sigset_t *set, sigset_t *old)
{
    uint64_t bits = set != NULL ? ilv__signal_set(set) : 0;
    uint64_t before = 0;
    int error = ilv__signal_mask(how, set != NULL ? &bits : NULL, &before);
    if (error == 0 && old != NULL)
        write_set(old, before);
    return error;
}

int ilv_door_sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    ILV_DOOR_ERRNO(int, sigprocmask(how, set, old), change_mask(how, set, old));
}

int ilv_door_pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    ILV_DOOR(int, pthread_sigmask(how, set, old), -change_mask(how, set, old));
}

int ilv_door_sighold(int signal)
{
    ILV_DOOR_ERRNO(int, sighold(signal), change_one(SIG_BLOCK, signal, NULL));
}

int ilv_door_sigrelse(int signal)
{
    ILV_DOOR_ERRNO(int, sigrelse(signal), change_one(SIG_UNBLOCK, signal, NULL));
}

static int change_low(int how, int mask)
{
    uint64_t bits = (uint32_t)mask;
    uint64_t old = 0;
    ilv__signal_mask(how, &bits, &old);
    return (int)(uint32_t)old;
}

int ilv_door_sigblock(int mask)
{
    ILV_DOOR(int, sigblock(mask), change_low(SIG_BLOCK, mask));
}

int ilv_door_sigsetmask(int mask)
{
    ILV_DOOR(int, sigsetmask(mask), change_low(SIG_SETMASK, mask));
}

static int pending(sigset_t *set)
{
    uint64_t bits = 0;
    ilv__signal_pending(&bits);
    write_set(set, bits);
    return 0;
}

int ilv_door_sigpending(sigset_t *set)
{
    ILV_DOOR_ERRNO(int, sigpending(set), pending(set));
}

int ilv_door_sigaltstack(const stack_t *stack, stack_t *old)
{
    ILV_DOOR_ERRNO(int, sigaltstack(stack, old), ilv__signal_altstack(stack, old));
}

/* ---- sending ------------------------------------------------------------------------------ */

int ilv_door_kill(pid_t pid, int signal)
{
    ILV_DOOR_ERRNO(int, kill(pid, signal), ilv__signal_kill(pid, signal));
}

int ilv_door_killpg(pid_t group, int signal)
{
    ILV_DOOR_ERRNO(int, killpg(group, signal),
                   group < 0 ? -EINVAL : ilv__signal_kill(-group, signal));
}

int ilv_door_tgkill(pid_t pid, pid_t tid, int signal)
{
    ILV_DOOR_ERRNO(int, tgkill(pid, tid, signal), ilv__signal_kill_tid(pid, tid, signal));
}

int ilv_door_raise(int signal)
{
    ILV_DOOR_ERRNO(int, raise(signal), ilv__signal_send_self(signal));
}

int ilv_door_gsignal(int signal)
{
    return ilv_door_raise(signal);
}

int ilv_door_sigqueue(pid_t pid, int signal, union sigval value)
{
    ILV_DOOR_ERRNO(int, sigqueue(pid, signal, value), ilv__signal_queue(pid, signal, value));
}

int ilv_door_pthread_kill(pthread_t thread, int signal)
{
    ILV_DOOR(int, pthread_kill(thread, signal),
             -ilv__signal_kill_thread(thread, signal, SI_TKILL, (union sigval){0}));
}

int ilv_door_pthread_sigqueue(pthread_t thread, int signal, union sigval value)
{
    ILV_DOOR(int, pthread_sigqueue(thread, signal, value),
             -ilv__signal_kill_thread(thread, signal, SI_QUEUE, value));
}

void ilv_door_abort(void)
{
    if (!ilv__managed())
        ilv__real()->abort();
    ilv__enter();
    ilv__signal_abort();
}

/* ---- waiting ------------------------------------------------------------------------------ */

static int wait_for_one(const sigset_t *set, int *signal)
{
    siginfo_t info;
    int got = ilv__signal_wait(ilv__signal_set(set), &info, NULL, true);
    if (got < 0)
        return -got;
    *signal = got;
    return 0;
}

int ilv_door_sigwait(const sigset_t *set, int *signal)
{
    ILV_DOOR(int, sigwait(set, signal), wait_for_one(set, signal));
}

static int wait_for_info(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
    siginfo_t got;
    int signal = ilv__signal_wait(ilv__signal_set(set), &got, timeout, false);
    if (signal > 0 && info != NULL)
        *info = got;
    return signal;
}

int ilv_door_sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
    ILV_DOOR_ERRNO(int, sigwaitinfo(set, info), wait_for_info(set, info, NULL));
}

int ilv_door_sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
    ILV_DOOR_ERRNO(int, sigtimedwait(set, info, timeout), wait_for_info(set, info, timeout));
}

int ilv_door_sigsuspend(const sigset_t *mask)
{
    ILV_DOOR_ERRNO(int, sigsuspend(mask), ilv__signal_suspend(ilv__signal_set(mask)));
}

static int suspend_without(int signal_or_mask, int is_signal)
{
    bool in_range = signal_or_mask >= 1 && signal_or_mask <= ILV_SIGNAL_MAX;
    if (is_signal == 0)
        return ilv__signal_suspend((uint32_t)signal_or_mask);
    if (!in_range)
        return -EINVAL;
    return ilv__signal_suspend(ilv__self->mask & ~ilv__signal_bit(signal_or_mask));
}

int ilv_door___sigpause(int signal_or_mask, int is_signal)
{
    ILV_DOOR_ERRNO(int, __sigpause(signal_or_mask, is_signal),
                   suspend_without(signal_or_mask, is_signal));
}

int ilv_door_pause(void)
{
    ILV_DOOR_ERRNO(int, pause(), ilv__signal_pause());
}
