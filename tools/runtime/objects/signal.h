/* SPDX-License-Identifier: MIT */
/*
 * signal.h: the signals of one process. All of them are virtual: the kernel knows nothing of
 * what the program blocks, sends and handles. Only faults (SIGSEGV and its kin) come from the
 * kernel; see fault.c.
 *
 * A signal is generated (ilv__signal_generate), then pending, then taken: by a task that waits
 * for it, or by a handler, which runs as a plain call on a task that the strategy chooses
 * (ILV_HOW_SIGNAL), at one of that task's points.
 *
 * Models return 0 or a value, or a negative error number; they publish one operation each unless
 * the contract says "no step".
 */
#ifndef ILV_OBJECTS_SIGNAL_H
#define ILV_OBJECTS_SIGNAL_H

#include "runtime.h"

#define ILV_SIGNAL_MAX 64
/* glibc's own signals: ILV_CANCEL_SIGNAL, and this one. */
#define ILV_SIGNAL_SETXID 33u

static inline uint64_t ilv__signal_bit(int signal)
{
    return UINT64_C(1) << (signal - 1);
}
static inline uint64_t ilv__signal_set(const sigset_t *set)
{
    uint64_t bits;
    __builtin_memcpy(&bits, set, sizeof bits);
    return bits;
}

/* In the server, before anything else is asked of signals: what the program inherited, and the
 * real handlers of faults. No step. */
void ilv__signal_setup(void);
/* A task starts with its creator's mask. No step. */
void ilv__signal_inherit(struct task *child, const struct task *parent);
/* The object that stands for all signals. */
uint32_t ilv__signal_object(void);

/* Sends info->si_signo (1 to 64) to this task, or to the process (NULL). 0, or EAGAIN when the
 * queue is full. No step: part of the step of whoever sends. */
int ilv__signal_generate(struct task *to, const siginfo_t *info);
/* The same for signals that the system makes of itself (SIGPIPE, SIGALRM, SIGCHLD, ...). */
void ilv__signal_from_system(struct task *to, int signal);
/* Runs what the running task must take before a call returns. No step of its own. */
void ilv__signal_deliver(void);

/* Which signals of the set are pending for t. No step. For signalfd too. */
uint64_t ilv__signal_pending_of(const struct task *t, uint64_t set);
/* Takes one of the set that is pending for t; false if there is none. No step. */
bool ilv__signal_take(struct task *t, uint64_t set, siginfo_t *info);
/* The blocked signals of a task. No step. */
void ilv__signal_set_mask(struct task *t, uint64_t mask);
/* What happens with a signal now. No step. */
const struct sigaction *ilv__signal_action_of(int signal);
bool ilv__signal_ignored(int signal);
void ilv__signal_set_action(int signal, const struct sigaction *new);
/* SA_RESETHAND. No step. */
void ilv__signal_reset(int signal);

int ilv__signal_action(int signal, const struct sigaction *new, struct sigaction *old);
/* signal() and its relatives: a handler with these flags. */
int ilv__signal_handler(int signal, sighandler_t handler, int flags, sighandler_t *old);
int ilv__signal_interrupt(int signal, int flag);
int ilv__signal_mask(int how, const uint64_t *set, uint64_t *old);
int ilv__signal_pending(uint64_t *set);
/* Per task. The second: what sigaltstack tells, `on` while a handler uses it. No step. */
int ilv__signal_altstack(const stack_t *stack, stack_t *old);
stack_t ilv__signal_altstack_of(const struct task *t, bool on);

int ilv__signal_kill(pid_t pid, int signal);
int ilv__signal_queue(pid_t pid, int signal, union sigval value);
int ilv__signal_send_self(int signal);
/* code: SI_TKILL or SI_QUEUE. */
int ilv__signal_kill_thread(pthread_t thread, int signal, int code, union sigval value);
/* tgkill and tkill (pid < 0). */
int ilv__signal_kill_tid(pid_t pid, pid_t tid, int signal);
int ilv__signal_queue_tid(pid_t pid, pid_t tid, int signal, union sigval value);
ILV_NORETURN void ilv__signal_abort(void);

/* Waits for one of the set; timeout may be NULL. The signal, or -EAGAIN, -EINTR, -EINVAL.
 * again: an interrupted wait goes on (sigwait). */
int ilv__signal_wait(uint64_t set, siginfo_t *info, const struct timespec *timeout, bool again);
/* Sleeps until a handler has run, with this mask, or (pause) the present one. -EINTR. */
int ilv__signal_suspend(uint64_t mask);
int ilv__signal_pause(void);

/* ---- handler.c ---------------------------------------------------------------------------- */

/* Runs the handler of a pending signal on the running task. Returns whether a wait with this
 * enum interruptible ends with EINTR. */
bool ilv__signal_run(struct task *t, int signal);
/* The task leaves handlers by a jump to this stack pointer. No step. */
void ilv__signal_unwind(uintptr_t stack_pointer);
bool ilv__signal_on_altstack(const struct task *t, uintptr_t stack_pointer);

/* ---- fault.c ------------------------------------------------------------------------------ */

/* Real handlers for faults, on a real alternate stack of this kernel thread. */
void ilv__fault_setup(void);
void ilv__fault_thread(void);

/* Copies up to 8 bytes of the program's memory; false, and no fault, if they cannot be read. */
bool ilv__peek(void *to, uint64_t address, size_t size);

#endif
