/* SPDX-License-Identifier: MIT */
/*
 * handler.c: a signal handler runs, as a plain call on the stack of the task that takes it (or on
 * its alternate stack), between the publication of the operation that it interrupts and that
 * operation. What the task was about to do is kept in a frame on its stack, and put back after.
 *
 * Several signals at once nest as the kernel nests them: the frame of the first is laid down,
 * then that of the next as far as the first one's mask lets it in, and the last one runs first.
 *
 * A handler may leave by siglongjmp: the frames below the target are then forgotten, and so is
 * what they interrupted. It may end its thread too.
 */
#include <errno.h>
#include <string.h>
#include <ucontext.h>

#include "objects/cancel.h"
#include "objects/signal.h"

#define STACK_ALIGNMENT 64u

struct frame {
    struct frame *outer;
    struct ilv_op op;
    possible_fn *possible;
    uint64_t scratch[ILV_TASK_SCRATCH];
    uint16_t done_flags;
    uint16_t ready_count;
    uint8_t interruptible;
    bool cancelling;
    bool waited; /* the operation was not possible: the task slept in it */
};

static struct frame *innermost[ILV_MAX_TASKS];

void ilv__call_on_stack(uintptr_t top, void (*function)(int, siginfo_t *, void *), int signal,
                        siginfo_t *info, void *context) ILV_HIDDEN;

/* ---- frames ------------------------------------------------------------------------------- */

static void push(struct task *t, struct frame *f)
{
    *f = (struct frame){
        .outer = innermost[t->index],
        .op = t->info->op,
        .possible = t->possible,
        .done_flags = t->done_flags,
        .ready_count = t->ready_count,
        .interruptible = t->interruptible,
        .cancelling = t->cancelling,
        .waited = !t->ready,
    };
    memcpy(f->scratch, t->scratch, sizeof f->scratch);
    innermost[t->index] = f;
    t->cancelling = false;
}

static void pop(struct task *t, const struct frame *f)
{
    innermost[t->index] = f->outer;
    t->info->op = f->op;
    t->possible = f->possible;
    t->done_flags = f->done_flags;
    t->ready_count = f->ready_count;
    t->interruptible = f->interruptible;
    t->cancelling = f->cancelling;
    memcpy(t->scratch, f->scratch, sizeof t->scratch);
}

bool ilv__signal_on_altstack(const struct task *t, uintptr_t stack_pointer)
{
    return stack_pointer - t->alt_stack[0] < t->alt_stack[1];
}

/* Frames are nested, so the outermost one that is left takes the inner ones with it. */
void ilv__signal_unwind(uintptr_t stack_pointer)
{
    struct task *t = ilv__self;
    bool target_on = ilv__signal_on_altstack(t, stack_pointer);
    uint16_t depth = 0;
    for (struct frame *f = innermost[t->index]; f != NULL; f = f->outer) {
        depth++;
        bool on = ilv__signal_on_altstack(t, (uintptr_t)f);
        if (on != target_on || (uintptr_t)f >= stack_pointer)
            continue;
        innermost[t->index] = f->outer;
        t->handler_depth = (uint16_t)(t->handler_depth - depth);
        depth = 0;
    }
}

/* ---- one handler -------------------------------------------------------------------------- */

static void step(unsigned kind, int signal)
{
    struct task *t = ilv__self;
    t->info->op = ilv__op(kind, ilv__signal_object());
    t->info->op.value = (uint64_t)signal;
    if (ilv__world.record)
        t->info->op.site = ilv__record_site();
    ilv__done(0, (uint64_t)signal);
}

static uint64_t mask_for(const struct task *t, const struct sigaction *action, int signal)
{
    uint64_t mask = t->mask | ilv__signal_set(&action->sa_mask);
    if ((action->sa_flags & SA_NODEFER) == 0)
        mask |= ilv__signal_bit(signal);
    return mask;
}

static void fill_context(ucontext_t *context, const struct task *t, uint64_t mask)
{
    getcontext(context);
    sigemptyset(&context->uc_sigmask);
    memcpy(&context->uc_sigmask, &mask, sizeof mask);
    context->uc_stack = ilv__signal_altstack_of(t, false);
    context->uc_link = NULL;
}

static void call(struct task *t, const struct sigaction *action, siginfo_t *info,
                 ucontext_t *context)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    bool elsewhere = (action->sa_flags & SA_ONSTACK) != 0 && t->alt_stack[1] != 0 &&
                     !ilv__signal_on_altstack(t, here);
    uintptr_t top = t->alt_stack[0] + t->alt_stack[1];
    t->handler_depth++;
    ilv__exit();
    if (elsewhere)
        ilv__call_on_stack(top & ~(uintptr_t)(STACK_ALIGNMENT - 1), action->sa_sigaction,
                           info->si_signo, info, context);
    else
        action->sa_sigaction(info->si_signo, info, context);
    ilv__enter();
    t->handler_depth--;
}

static void handle(struct task *t, const struct sigaction *action, siginfo_t *info)
{
    ucontext_t context;
    uint64_t before = t->mask;
    fill_context(&context, t, before);
    t->mask = mask_for(t, action, info->si_signo);
    ilv__signal_deliver();
    step(ILV_EV_SIGNAL_HANDLER, info->si_signo);
    call(t, action, info, &context);
    step(ILV_EV_SIGNAL_RETURN, info->si_signo);
    ilv__signal_set_mask(t, ilv__signal_set(&context.uc_sigmask));
}

static void default_action(int signal)
{
    bool stops = signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
    if (stops)
        ilv__limited("a signal that stops the process is not modelled");
    ilv__end_run(ILV_END_SIGNAL, signal);
}

static bool ends_wait(const struct frame *f, const struct sigaction *action)
{
    if (!f->waited || f->interruptible == ILV_NEVER)
        return false;
    return f->interruptible == ILV_ALWAYS || (action->sa_flags & SA_RESTART) == 0;
}

bool ilv__signal_run(struct task *t, int signal)
{
    siginfo_t info;
    struct frame f;
    if (!ilv__signal_take(t, ilv__signal_bit(signal), &info) || ilv__signal_ignored(signal))
        return false;
    struct sigaction action = *ilv__signal_action_of(signal);
    if (action.sa_handler == SIG_DFL)
        default_action(signal);
    if (((unsigned)action.sa_flags & SA_RESETHAND) != 0)
        ilv__signal_reset(signal);
    push(t, &f);
    handle(t, &action, &info);
    pop(t, &f);
    return ends_wait(&f, &action);
}

bool ilv__signal_interrupts(struct task *t)
{
    bool ends;
    if (t->signal == ILV_CANCEL_SIGNAL)
        ends = ilv__cancel_interrupts(t);
    else
        ends = ilv__signal_run(t, t->signal);
    if (ends)
        t->done_flags |= ILV_INTERRUPTED;
    return ends;
}
