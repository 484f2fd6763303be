/* SPDX-License-Identifier: MIT */
/* Faults of instructions, handled: by a jump, by repair, on an alternate stack. */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "../sync/result.h"

static sigjmp_buf target;
static char *page;
static volatile int zero;
static volatile uintptr_t nowhere = 8;
static volatile int ten = 10;
static volatile double kept = 1.5;

static void jump(int signal)
{
    siglongjmp(target, signal);
}

static void *faults(void *unused)
{
    int got = sigsetjmp(target, 1);
    if (got == 0)
        *(volatile int *)nowhere = 1;
    printf("jumped out of SIGSEGV: %d\n", got == SIGSEGV);
    got = sigsetjmp(target, 1);
    if (got == 0)
        zero = ten / zero;
    printf("jumped out of SIGFPE: %d\n", got == SIGFPE);
    got = sigsetjmp(target, 1);
    if (got == 0)
        __builtin_trap();
    printf("jumped out of SIGILL: %d\n", got == SIGILL);
    return unused;
}

static void repair(int signal, siginfo_t *info, void *context)
{
    (void)context;
    printf("repairs %d: at the page %d, code %d\n", signal, (char *)info->si_addr == page + 4,
           info->si_code == SEGV_ACCERR);
    sched_yield();
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

static void is_repaired(void)
{
    struct sigaction action = {.sa_sigaction = repair, .sa_flags = SA_SIGINFO};
    sigset_t now;
    double in_register = kept * 2;
    page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    sigaction(SIGSEGV, &action, NULL);
    page[4] = 7;
    sigprocmask(SIG_BLOCK, NULL, &now);
    printf("%d %d %.1f\n", page[4], sigismember(&now, SIGSEGV), in_register + kept);
}

static void skip(int signal, siginfo_t *info, void *context)
{
    ucontext_t *interrupted = context;
    (void)signal;
    (void)info;
    interrupted->uc_mcontext.gregs[REG_RIP] += 2; /* ud2 */
    interrupted->uc_mcontext.gregs[REG_RAX] = 42;
}

static void context_is_put_back(void)
{
    struct sigaction action = {.sa_sigaction = skip, .sa_flags = SA_SIGINFO};
    long result = 0;
    sigaction(SIGILL, &action, NULL);
    __asm__ volatile("ud2" : "=a"(result) : : "memory");
    SHOW_VALUE(result);
}

static int deeper(int n)
{
    volatile char much[4096];
    much[0] = (char)n;
    return n == 0 ? 0 : deeper(n + 1) + much[0];
}

static void *overflows(void *unused)
{
    size_t size = 65536;
    stack_t stack = {.ss_sp = malloc(size), .ss_size = size};
    struct sigaction action = {.sa_handler = jump, .sa_flags = SA_ONSTACK};
    sigaltstack(&stack, NULL);
    sigaction(SIGSEGV, &action, NULL);
    int got = sigsetjmp(target, 1);
    if (got == 0)
        deeper(1);
    printf("jumped out of a full stack: %d\n", got == SIGSEGV);
    stack.ss_flags = SS_DISABLE;
    sigaltstack(&stack, NULL);
    free(stack.ss_sp);
    return unused;
}

int main(void)
{
    signal(SIGSEGV, jump);
    signal(SIGFPE, jump);
    signal(SIGILL, jump);
    faults(NULL);
    in_thread(faults, NULL);
    is_repaired();
    context_is_put_back();
    in_thread(overflows, NULL);
    signal(SIGABRT, jump);
    if (sigsetjmp(target, 1) == 0)
        abort();
    puts("jumped out of abort");
    return 0;
}
