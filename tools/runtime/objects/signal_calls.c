/* SPDX-License-Identifier: MIT */
/*
 * signal_calls.c: what a program does with signals, each a step: send, wait, block, handle. The
 * rules of what is pending for whom stand in signal.c.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "objects/clock.h"
#include "objects/signal.h"

#define BIT(signal) (UINT64_C(1) << ((signal)-1))
#define UNBLOCKABLE (BIT(SIGKILL) | BIT(SIGSTOP))
#define INTERNAL (BIT(ILV_CANCEL_SIGNAL) | BIT(ILV_SIGNAL_SETXID))
#define AUTODISARM (UINT32_C(1) << 31) /* SS_AUTODISARM of the kernel's headers */
#define SMALLEST_STACK 2048            /* the kernel's MINSIGSTKSZ */

static uint64_t intrusive; /* siginterrupt(): later signal() calls do not restart */

static bool valid(int signal)
{
    return signal >= 1 && signal <= ILV_SIGNAL_MAX;
}

static bool usable(int signal)
{
    return valid(signal) && (INTERNAL & BIT(signal)) == 0;
}

/* ---- sending ------------------------------------------------------------------------------ */

static siginfo_t message(int signal, int code, union sigval value)
{
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = signal;
    info.si_code = code;
    info.si_pid = ilv__virtual_pid();
    info.si_uid = getuid();
    info.si_value = value;
    return info;
}

/* One step: sends to a task or to the process (NULL); `error` is known before. */
static int send(struct task *to, const siginfo_t *info, int error)
{
    struct ilv_op op = ilv__op(ILV_EV_SIGNAL_SEND, ilv__signal_object());
    op.value = (uint64_t)info->si_signo;
    ilv__point(&op, NULL);
    bool gone = to != NULL && to->info->state != ILV_TASK_LIVE;
    if (error == 0 && info->si_signo != 0 && !gone)
        error = ilv__signal_generate(to, info);
    ilv__done(error, op.value);
    ilv__signal_deliver();
    return -error;
}

static int send_to_process(pid_t pid, const siginfo_t *info)
{
    bool self = pid == 0 || pid == ilv__virtual_pid() || pid == -ilv__virtual_pid();
    if (info->si_signo != 0 && !valid(info->si_signo))
        return send(NULL, info, EINVAL);
    if (!self && pid == -1)
        ilv__limited("kill of all processes is not modelled");
    return send(NULL, info, self ? 0 : ESRCH);
}

int ilv__signal_kill(pid_t pid, int signal)
{
    siginfo_t info = message(signal, SI_USER, (union sigval){0});
    return send_to_process(pid, &info);
}

int ilv__signal_queue(pid_t pid, int signal, union sigval value)
{
    siginfo_t info = message(signal, SI_QUEUE, value);
    return send_to_process(pid, &info);
}

int ilv__signal_send_self(int signal)
{
    siginfo_t info = message(signal, SI_TKILL, (union sigval){0});
    return send(ilv__self, &info, usable(signal) || signal == 0 ? 0 : EINVAL);
}

int ilv__signal_kill_thread(pthread_t thread, int signal, int code, union sigval value)
{
    siginfo_t info = message(signal, code, value);
    struct task *to = ilv__task_of(thread);
    int error = to == NULL ? ESRCH : 0;
    return send(to, &info, usable(signal) || signal == 0 ? error : EINVAL);
}

static int send_to_tid(pid_t pid, pid_t tid, const siginfo_t *info)
{
    const struct world *w = &ilv__world;
    struct task *to = NULL;
    for (uint32_t i = 0; i < w->live; i++)
        if (ilv__virtual_tid(&w->task[w->order[i]]) == tid)
            to = &ilv__world.task[w->order[i]];
    int error = to == NULL || (pid >= 0 && pid != ilv__virtual_pid()) ? ESRCH : 0;
    if (tid <= 0 || pid == 0 || (info->si_signo != 0 && !valid(info->si_signo)))
        error = EINVAL;
    return send(to, info, error);
}

int ilv__signal_kill_tid(pid_t pid, pid_t tid, int signal)
{
    siginfo_t info = message(signal, SI_TKILL, (union sigval){0});
    return send_to_tid(pid, tid, &info);
}

int ilv__signal_queue_tid(pid_t pid, pid_t tid, int signal, union sigval value)
{
    siginfo_t info = message(signal, SI_QUEUE, value);
    return send_to_tid(pid, tid, &info);
}

void ilv__signal_abort(void)
{
    ilv__self->mask &= ~BIT(SIGABRT);
    ilv__signal_send_self(SIGABRT);
    ilv__end_run(ILV_END_SIGNAL, SIGABRT);
}

/* ---- dispositions, as steps --------------------------------------------------------------- */

int ilv__signal_action(int signal, const struct sigaction *new, struct sigaction *old)
{
    struct ilv_op op = ilv__op(ILV_EV_SIGNAL_ACTION, ilv__signal_object());
    op.value = (uint64_t)signal;
    ilv__point(&op, NULL);
    bool fixed = signal == SIGKILL || signal == SIGSTOP;
    int error = !usable(signal) || (fixed && new != NULL) ? EINVAL : 0;
    if (error == 0) {
        struct sigaction before = *ilv__signal_action_of(signal);
        if (new != NULL)
            ilv__signal_set_action(signal, new);
        if (old != NULL)
            *old = before;
    }
    ilv__done(error, op.value);
    return -error;
}

int ilv__signal_handler(int signal, sighandler_t handler, int flags, sighandler_t *old)
{
    struct sigaction new = {.sa_handler = handler, .sa_flags = flags};
    struct sigaction before = {.sa_handler = SIG_ERR};
    bool restarts = (flags & SA_RESTART) != 0;
    if (restarts && valid(signal) && (intrusive & BIT(signal)) != 0)
        new.sa_flags &= ~SA_RESTART;
    if (restarts && usable(signal))
        sigaddset(&new.sa_mask, signal);
    int error = ilv__signal_action(signal, &new, &before);
    *old = error == 0 ? before.sa_handler : SIG_ERR;
    return error;
}

int ilv__signal_interrupt(int signal, int flag)
{
    if (!usable(signal))
        return -EINVAL;
    struct sigaction new = *ilv__signal_action_of(signal);
    new.sa_flags = flag != 0 ? new.sa_flags & ~SA_RESTART : new.sa_flags | SA_RESTART;
    int error = ilv__signal_action(signal, &new, NULL);
    if (error == 0)
        intrusive = flag != 0 ? intrusive | BIT(signal) : intrusive & ~BIT(signal);
    return error;
}

/* ---- masks -------------------------------------------------------------------------------- */

static int change_mask(struct task *t, int how, uint64_t set)
{
    uint64_t mask = t->mask;
    if (how == SIG_BLOCK)
        mask |= set;
    else if (how == SIG_UNBLOCK)
        mask &= ~set;
    else if (how == SIG_SETMASK)
        mask = set;
    else
        return EINVAL;
    ilv__signal_set_mask(t, mask);
    return 0;
}

int ilv__signal_mask(int how, const uint64_t *set, uint64_t *old)
{
    struct ilv_op op = ilv__op(ILV_EV_SIGNAL_MASK, 0);
    ilv__point(&op, NULL);
    struct task *t = ilv__self;
    uint64_t before = t->mask;
    int error = set != NULL ? change_mask(t, how, *set) : 0;
    if (error == 0 && old != NULL)
        *old = before;
    ilv__done(error, 0);
    if (error == 0 && set != NULL)
        ilv__signal_deliver();
    return -error;
}

int ilv__signal_pending(uint64_t *set)
{
    struct ilv_op op = ilv__op(ILV_EV_SIGNAL_MASK, ilv__signal_object());
    ilv__point(&op, NULL);
    *set = ilv__signal_pending_of(ilv__self, ilv__self->mask);
    ilv__done(0, *set);
    return 0;
}

/* ---- waiting ------------------------------------------------------------------------------ */

static bool arrived(const struct task *t)
{
    return ilv__signal_pending_of(t, t->scratch[0]) != 0;
}

int ilv__signal_wait(uint64_t set, siginfo_t *info, const struct timespec *timeout, bool again)
{
    struct ilv_op op = ilv__op(ILV_EV_SIGNAL_WAIT, ilv__signal_object());
    struct task *t = ilv__self;
    uint64_t ns = 0;
    if (timeout != NULL && ilv__clock_span(timeout, &ns) != 0)
        return -EINVAL;
    if (timeout != NULL) {
        op.deadline = ilv__clock_deadline(ns);
        op.flags |= ILV_TIMED;
    }
    t->scratch[0] = set & ~UNBLOCKABLE & ~INTERNAL;
    t->interruptible = again ? ILV_NEVER : ILV_ALWAYS;
    enum outcome outcome = ilv__point(&op, arrived);
    int error = outcome == ILV_TIMEOUT ? EAGAIN : EINTR;
    if (outcome != ILV_INTERRUPT && ilv__signal_take(t, t->scratch[0], info))
        error = 0;
    ilv__done(error, error == 0 ? (uint64_t)info->si_signo : 0);
    return error == 0 ? info->si_signo : -error;
}

static bool never(const struct task *t)
{
    (void)t;
    return false;
}

static int sleep_until_handled(void)
{
    struct ilv_op op = ilv__op(ILV_EV_SIGNAL_WAIT, ilv__signal_object());
    ilv__self->scratch[0] = 0;
    ilv__self->interruptible = ILV_ALWAYS;
    ilv__point(&op, never);
    ilv__done(EINTR, 0);
    return -EINTR;
}

int ilv__signal_suspend(uint64_t mask)
{
    struct task *t = ilv__self;
    uint64_t before = t->mask;
    change_mask(t, SIG_SETMASK, mask);
    sleep_until_handled();
    change_mask(t, SIG_SETMASK, before);
    ilv__signal_deliver();
    return -EINTR;
}

int ilv__signal_pause(void)
{
    ilv__simple(ILV_EV_SIGNAL_MASK, 0, 0);
    return sleep_until_handled();
}

/* ---- alternate stacks --------------------------------------------------------------------- */

static int altstack_error(const stack_t *stack, bool on)
{
    unsigned mode = (unsigned)stack->ss_flags & ~AUTODISARM;
    if (on)
        return EPERM;
    if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
        return EINVAL;
    return mode != SS_DISABLE && stack->ss_size < SMALLEST_STACK ? ENOMEM : 0;
}

static void set_altstack(struct task *t, const stack_t *stack)
{
    bool off = ((unsigned)stack->ss_flags & SS_DISABLE) != 0;
    t->alt_stack[0] = off ? 0 : (uintptr_t)stack->ss_sp;
    t->alt_stack[1] = off ? 0 : stack->ss_size;
    t->alt_stack[2] = off ? 0 : (unsigned)stack->ss_flags & AUTODISARM;
}

int ilv__signal_altstack(const stack_t *stack, stack_t *old)
{
    struct task *t = ilv__self;
    bool on = ilv__signal_on_altstack(t, (uintptr_t)__builtin_frame_address(0));
    stack_t before = ilv__signal_altstack_of(t, on);
    int error = stack != NULL ? altstack_error(stack, on) : 0;
    if (error == 0 && stack != NULL)
        set_altstack(t, stack);
    if (error == 0 && old != NULL)
        *old = before;
    return -error;
}

stack_t ilv__signal_altstack_of(const struct task *t, bool on)
{
    unsigned state = t->alt_stack[1] == 0 ? SS_DISABLE : on ? SS_ONSTACK : 0;
    return (stack_t){.ss_sp = (void *)(uintptr_t)t->alt_stack[0],
                     .ss_size = t->alt_stack[1],
                     .ss_flags = (int)(state | (unsigned)t->alt_stack[2])};
}
