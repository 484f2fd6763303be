/* SPDX-License-Identifier: MIT */
/*
 * fault.c: signals that the kernel sends because of what an instruction did: SIGSEGV, SIGBUS,
 * SIGFPE, SIGILL, SIGTRAP. The real handler runs on a real alternate stack, so that a task that
 * ran out of stack can still be told about.
 *
 *   no handler, or blocked, or the runtime itself was at work   the run ends: a crash
 *   the program has a handler                                   it is called as the kernel would
 *
 * A handler of the program may come to points, and other tasks may then run; with fibers they
 * share the kernel thread and so its alternate stack. Therefore it never runs there: what the
 * kernel saved is copied to the task's own stack (or its virtual alternate stack), and the real
 * handler returns into the program's. That one returns to ilv__fault_return, an instruction that
 * faults again; what was saved, with what the program changed in it, then becomes the context to
 * which the kernel returns. A handler may leave by siglongjmp too: nothing is left behind.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include "objects/signal.h"

#define STACK_SIZE 65536
#define RED_ZONE 128
#define KERNEL_CONTEXT_SIZE 304 /* the kernel's ucontext ends with a mask of 8 bytes */
#define FLOAT_SIZE 512
#define FLOAT_MAX 16384
#define FLOAT_MAGIC 0x46505853u /* FP_XSTATE_MAGIC1: more than FLOAT_SIZE was saved */
#define FLOAT_MAGIC_AT 464
#define FLOAT_SIZE_AT 468
#define DIRECTION_FLAG 0x400
#define SA_RESTORER_FLAG 0x04000000ul
#define SET_SIZE 8

extern const char ilv__fault_return[] ILV_HIDDEN;
extern const char ilv__peek_load[] ILV_HIDDEN;
extern const char ilv__peek_failed[] ILV_HIDDEN;
void ilv__fault_restore(void) ILV_HIDDEN;

static _Alignas(64) char first_stack[STACK_SIZE];
static bool ending; /* a fault ends the run: another one in its course counts no more */

/* What lies on the task's stack while a handler of the program runs. */
struct saved {
    ucontext_t context;
    siginfo_t info;
    uint32_t float_size;
    uint32_t unused[3];
    _Alignas(64) char floats[];
};

static uint32_t float_size(const void *floats)
{
    uint32_t magic;
    uint32_t size;
    memcpy(&magic, (const char *)floats + FLOAT_MAGIC_AT, sizeof magic);
    memcpy(&size, (const char *)floats + FLOAT_SIZE_AT, sizeof size);
    bool extended = magic == FLOAT_MAGIC && size > FLOAT_SIZE && size <= FLOAT_MAX;
    return extended ? size : FLOAT_SIZE;
}

/* ---- the end of the run ------------------------------------------------------------------- */

ILV_NORETURN static void crash(int signal)
{
    struct task *t = ilv__self;
    bool again = ending;
    ending = true;
    ilv__enter();
    if (!again && ilv__world.record)
        t->info->op.site = ilv__record_site();
    ilv__end_run(ILV_END_SIGNAL, signal);
}

/* ---- the program's handler ---------------------------------------------------------------- */

static bool program_handles(const struct task *t, int signal)
{
    const struct sigaction *action = ilv__signal_action_of(signal);
    bool has = action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
    return has && (t->mask & ilv__signal_bit(signal)) == 0;
}

static uintptr_t stack_for(const struct task *t, const struct sigaction *action,
                           uintptr_t interrupted)
{
    bool elsewhere = (action->sa_flags & SA_ONSTACK) != 0 && t->alt_stack[1] != 0 &&
                     !ilv__signal_on_altstack(t, interrupted);
    return elsewhere ? t->alt_stack[0] + t->alt_stack[1] : interrupted - RED_ZONE;
}

static struct saved *save(uintptr_t top, const siginfo_t *info, const ucontext_t *context,
                          uint64_t mask)
{
    uint32_t floats = float_size(context->uc_mcontext.fpregs);
    uintptr_t at = (top - sizeof(struct saved) - floats) & ~(uintptr_t)63;
    struct saved *s = (struct saved *)at;
    memset(&s->context, 0, sizeof s->context);
    memcpy(&s->context, context, KERNEL_CONTEXT_SIZE);
    memcpy(&s->context.uc_sigmask, &mask, sizeof mask);
    memcpy(s->floats, context->uc_mcontext.fpregs, floats);
    s->context.uc_mcontext.fpregs = (fpregset_t)(void *)s->floats;
    s->float_size = floats;
    s->info = *info;
    return s;
}

static void call_program(struct task *t, int signal, const siginfo_t *info, ucontext_t *context)
{
    struct sigaction action = *ilv__signal_action_of(signal);
    greg_t *r = context->uc_mcontext.gregs;
    uintptr_t top = stack_for(t, &action, (uintptr_t)r[REG_RSP]);
    struct saved *s = save(top, info, context, t->mask);
    uint64_t mask = t->mask | ilv__signal_set(&action.sa_mask);
    if ((action.sa_flags & SA_NODEFER) == 0)
        mask |= ilv__signal_bit(signal);
    ilv__signal_set_mask(t, mask);
    if (((unsigned)action.sa_flags & SA_RESETHAND) != 0)
        ilv__signal_reset(signal);
    uintptr_t *stack = (uintptr_t *)(void *)s - 1;
    *stack = (uintptr_t)ilv__fault_return;
    r[REG_RSP] = (greg_t)(uintptr_t)stack;
    r[REG_RIP] = (greg_t)(uintptr_t)action.sa_sigaction;
    r[REG_RDI] = signal;
    r[REG_RSI] = (greg_t)(uintptr_t)&s->info;
    r[REG_RDX] = (greg_t)(uintptr_t)&s->context;
    r[REG_RAX] = 0;
    r[REG_EFL] &= ~DIRECTION_FLAG;
}

/* The program's handler has returned: its context is the one to go on with. */
static void go_back(struct task *t, ucontext_t *context)
{
    const struct saved *s = (const struct saved *)(uintptr_t)context->uc_mcontext.gregs[REG_RSP];
    memcpy(context->uc_mcontext.gregs, s->context.uc_mcontext.gregs,
           sizeof context->uc_mcontext.gregs);
    if (float_size(context->uc_mcontext.fpregs) == s->float_size)
        memcpy(context->uc_mcontext.fpregs, s->floats, s->float_size);
    ilv__signal_set_mask(t, ilv__signal_set(&s->context.uc_sigmask));
}

static void on_fault(int signal, siginfo_t *info, void *argument)
{
    ucontext_t *context = argument;
    struct task *t = ilv__self;
    uintptr_t at = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
    if (t == NULL)
        ilv__end_run(ILV_END_SIGNAL, signal);
    if (at == (uintptr_t)ilv__peek_load)
        context->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)ilv__peek_failed;
    else if (signal == SIGILL && at == (uintptr_t)ilv__fault_return)
        go_back(t, context);
    else if (t->in_call || !program_handles(t, signal))
        crash(signal);
    else
        call_program(t, signal, info, context);
}

/* ---- installing --------------------------------------------------------------------------- */

struct kernel_action {
    void (*handler)(int, siginfo_t *, void *);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

static void use_stack(void *stack)
{
    stack_t real = {.ss_sp = stack, .ss_size = STACK_SIZE};
    ilv__syscall_raw(SYS_sigaltstack, (long)(uintptr_t)&real, 0, 0, 0, 0, 0);
}

void ilv__fault_setup(void)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    const struct kernel_action action = {
        .handler = on_fault,
        .flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTORER_FLAG,
        .restorer = ilv__fault_restore,
    };
    for (size_t i = 0; i < ILV_COUNT_OF(faults); i++)
        ilv__syscall_raw(SYS_rt_sigaction, faults[i], (long)(uintptr_t)&action, 0, SET_SIZE, 0, 0);
    use_stack(first_stack);
}

/* One stack serves all threads: only the one that runs can fault, and it leaves the stack before
 * it hands over. */
void ilv__fault_thread(void)
{
    use_stack(first_stack);
}
