/* SPDX-License-Identifier: MIT */
/*
 * trap.c: how system calls without a symbol are met.
 *
 * Dispatch (PR_SET_SYSCALL_USER_DISPATCH, Linux 5.11): for an armed thread the kernel looks at
 * the byte *task->selector before each system call whose instruction lies outside the runtime's
 * own code. ILV_SELECT_BLOCK makes it send SIGSYS instead of carrying the call out.
 *
 *   program runs          selector BLOCK
 *   a door was entered    selector ALLOW   ilv__enter()
 *   SIGSYS handler        BLOCK when it begins, ALLOW after ilv__enter(), BLOCK after ilv__exit()
 *   its return            by our own restorer, whose instruction lies in the range that passes
 *
 * Seccomp: where dispatch is missing, a filter that the process cannot take off. It sends SIGSYS
 * for calls from outside the runtime's own code that may block or that are virtual; those of
 * libc on behalf of the runtime come here too and are made at once. Calls that cannot be made
 * from inside a handler (clone, sigreturn, exit of a thread) pass the filter.
 *
 * Invariants:
 *
 *   1. SIGSYS is never blocked while a task is armed: the kernel would kill the process. The
 *      models of signal masks keep it out of the real mask.
 *   2. The handler runs on the task's own stack below its red zone; while it waits its turn the
 *      task may be switched away like in any door, because the kernel keeps nothing of a signal
 *      but the frame on that stack. The frame holds all registers, the vector registers too.
 *   3. The handler leaves errno and everything else but the result as it found them.
 *   4. A handler of the program may return by libc's restorer: that call is trapped as well, and
 *      done again from here on the same frame.
 */
#include "intercept/trap.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include "intercept/sanitizer.h"
#include "intercept/syscalls.h"

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_ON 1
#endif

#define SA_RESTORER_FLAG 0x04000000ul
#define SIGNAL_SET_SIZE 8
#define FILTER_MAX 1024

extern const char __ehdr_start[] ILV_HIDDEN;
extern const char etext[] ILV_HIDDEN;

static void on_system_call(int signal, siginfo_t *info, void *context);
void ilv__trap_restore(void) ILV_HIDDEN;

/* The bytes of the first two instructions are how unwinders know a signal frame. */
__asm__(".pushsection .text.ilv_pass, \"ax\", @progbits\n"
        ".globl ilv__trap_restore\n"
        ".hidden ilv__trap_restore\n"
        ".type ilv__trap_restore, @function\n"
        "nop\n"
        ".p2align 4\n"
        "ilv__trap_restore:\n"
        "mov $15, %rax\n"
        "syscall\n"
        "ud2\n"
        ".size ilv__trap_restore, . - ilv__trap_restore\n"
        ".globl ilv__trap_return\n"
        ".hidden ilv__trap_return\n"
        ".type ilv__trap_return, @function\n"
        ".p2align 4\n"
        "ilv__trap_return:\n"
        "mov %rdi, %rsp\n"
        "jmp ilv__trap_restore\n"
        ".size ilv__trap_return, . - ilv__trap_return\n"
        ".popsection\n");

/* ---- the handler -------------------------------------------------------------------------- */

static long pass_on(const long *a, long number)
{
    return ilv__syscall_raw(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static void return_from_handler(uint64_t stack)
{
    if (ilv__managed())
        ilv__exit();
    ilv__trap_return(stack);
}

static long call_of_program(uint64_t pc, long number, const long *a)
{
    return ilv__sanitizer_calls(pc) ? ilv__sanitizer_syscall(number, a)
                                    : ilv__syscall_model(number, a);
}

static void on_system_call(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    bool managed = ilv__managed();
    if (managed)
        ilv__enter();
    int saved = errno;
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    long number = r[REG_RAX];
    const long a[6] = {r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10], r[REG_R8], r[REG_R9]};
    if (number == SYS_rt_sigreturn) {
        if (managed)
            ilv__exit();
        return_from_handler((uint64_t)r[REG_RSP]);
    }
    long result = managed ? call_of_program((uint64_t)r[REG_RIP], number, a) : pass_on(a, number);
    errno = saved;
    r[REG_RAX] = result;
    if (managed)
        ilv__exit();
}

struct kernel_action {
    void (*handler)(int, siginfo_t *, void *);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

void ilv__trap_handler_install(void)
{
    struct kernel_action action = {
        .handler = on_system_call,
        .flags = SA_SIGINFO | SA_NODEFER | SA_RESTORER_FLAG,
        .restorer = ilv__trap_restore,
    };
    uint64_t unblock = UINT64_C(1) << (SIGSYS - 1);
    ilv__syscall_raw(SYS_rt_sigaction, SIGSYS, (long)&action, 0, SIGNAL_SET_SIZE, 0, 0);
    ilv__syscall_raw(SYS_rt_sigprocmask, SIG_UNBLOCK, (long)&unblock, 0, SIGNAL_SET_SIZE, 0, 0);
}

/* ---- dispatch ----------------------------------------------------------------------------- */

static bool arm_dispatch(volatile char *selector)
{
    long size = (long)(etext - __ehdr_start);
    *selector = ILV_SELECT_ALLOW;
    return ilv__syscall_raw(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON,
                            (long)(uintptr_t)__ehdr_start, size, (long)(uintptr_t)selector, 0) == 0;
}

/* ---- seccomp ------------------------------------------------------------------------------ */

static struct sock_filter filter[FILTER_MAX];
static unsigned filter_length;

static void emit(uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
    ILV_ASSERT(filter_length < FILTER_MAX);
    filter[filter_length++] = (struct sock_filter){code, yes, no, k};
}

static void emit_load(size_t offset)
{
    emit(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void emit_return(uint32_t what)
{
    emit(BPF_RET | BPF_K, what, 0, 0);
}

/* Calls from [start, end) pass. The range lies below 4 GiB from its start: if it crosses such a
 * border, the whole of both halves is compared by the low words of each. */
static void emit_range(uint64_t start, uint64_t end)
{
    size_t low = offsetof(struct seccomp_data, instruction_pointer);
    while (start < end) {
        uint64_t border = (start | UINT32_MAX) + 1;
        uint64_t stop = end < border ? end : border;
        emit_load(low + 4);
        emit(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(start >> 32), 0, 4);
        emit_load(low);
        emit(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)start, 0, 2);
        emit(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)(stop - 1), 1, 0);
        emit_return(SECCOMP_RET_ALLOW);
        start = stop;
    }
}

static void build_filter(void)
{
    filter_length = 0;
    emit_range((uint64_t)(uintptr_t)__ehdr_start, (uint64_t)(uintptr_t)etext);
    emit_load(offsetof(struct seccomp_data, nr));
    for (uint32_t number = 0; number < ILV_SYSCALLS_END; number++) {
        if (!ilv__syscall_trapped(number))
            continue;
        emit(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
        emit_return(SECCOMP_RET_TRAP);
    }
    emit_return(SECCOMP_RET_ALLOW);
}

static bool arm_seccomp(void)
{
    build_filter();
    struct sock_fprog program = {(unsigned short)filter_length, filter};
    ilv__syscall_raw(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0);
    return ilv__syscall_raw(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, (long)&program, 0, 0, 0) == 0;
}

/* ---- arming ------------------------------------------------------------------------------- */

void ilv__trap_prepare(void)
{
    if (ilv__world.block->config.trap != ILV_TRAP_OFF)
        ilv__trap_handler_install();
}

void ilv__trap_arm(void)
{
    struct world *w = &ilv__world;
    unsigned wanted = w->block->config.trap;
    w->run->trap = ILV_TRAP_OFF;
    if (wanted == ILV_TRAP_OFF)
        return;
    if (wanted != ILV_TRAP_SECCOMP && arm_dispatch(ilv__self->selector)) {
        w->run->trap = ILV_TRAP_DISPATCH;
        w->trap_armed = true;
    } else if (wanted != ILV_TRAP_DISPATCH && arm_seccomp()) {
        w->run->trap = ILV_TRAP_SECCOMP;
    }
}

/* A filter goes over to new threads by itself, dispatch does not. */
void ilv__trap_arm_thread(void)
{
    if (!ilv__world.trap_armed)
        return;
    uint64_t unblock = UINT64_C(1) << (SIGSYS - 1);
    ilv__syscall_raw(SYS_rt_sigprocmask, SIG_UNBLOCK, (long)&unblock, 0, SIGNAL_SET_SIZE, 0, 0);
    ILV_ASSERT(arm_dispatch(ilv__self->selector));
}
