/* SPDX-License-Identifier: MIT */
/* What is blocked while a handler runs, how handlers nest, and where they stand. */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <ucontext.h>

#include "../sync/result.h"

static int depth;
static int left; /* how often outer sends itself again */
static char *alternate;
static size_t alternate_size;
static sigjmp_buf target;

static const char *where(void)
{
    char here;
    uintptr_t offset = (uintptr_t)&here - (uintptr_t)alternate;
    return offset < alternate_size ? "alternate" : "own";
}

static void show_mask(const char *what)
{
    sigset_t now;
    pthread_sigmask(SIG_BLOCK, NULL, &now);
    printf("%*s%s: %d %d %d on %s stack\n", 2 * depth, "", what, sigismember(&now, SIGUSR1),
           sigismember(&now, SIGUSR2), sigismember(&now, SIGTERM), where());
}

static void inner(int signal)
{
    (void)signal;
    depth++;
    show_mask("inner");
    depth--;
}

static void outer(int signal)
{
    depth++;
    show_mask("outer");
    if (left-- > 0)
        raise(signal);
    raise(SIGUSR2);
    show_mask("outer again");
    depth--;
}

static void set(int signal, void (*handler)(int), int flags, int masked)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    if (masked != 0)
        sigaddset(&action.sa_mask, masked);
    SHOW_ERRNO(sigaction(signal, &action, NULL));
}

static void run(const char *what)
{
    puts(what);
    left = 2;
    raise(SIGUSR1);
    show_mask("after");
}

static void masks(void)
{
    set(SIGUSR2, inner, 0, 0);
    set(SIGUSR1, outer, 0, 0);
    run("deferred");
    set(SIGUSR1, outer, SA_NODEFER, 0);
    run("not deferred");
    set(SIGUSR1, outer, 0, SIGUSR2);
    run("the other is masked");
    set(SIGUSR1, outer, SA_NODEFER, SIGTERM);
    run("a third one is masked");
}

static void alternate_stack(void)
{
    stack_t now;
    alternate_size = 65536;
    alternate = malloc(alternate_size);
    stack_t stack = {.ss_sp = alternate, .ss_size = alternate_size};
    stack_t small = {.ss_sp = alternate, .ss_size = 100};
    stack_t wrong = {.ss_sp = alternate, .ss_size = alternate_size, .ss_flags = 77};
    stack_t off = {.ss_flags = SS_DISABLE};
    SHOW_ERRNO(sigaltstack(NULL, &now));
    SHOW_VALUE(now.ss_flags == SS_DISABLE);
    SHOW_ERRNO(sigaltstack(&small, NULL));
    SHOW_ERRNO(sigaltstack(&wrong, NULL));
    SHOW_ERRNO(sigaltstack(&stack, NULL));
    SHOW_ERRNO(sigaltstack(NULL, &now));
    SHOW_VALUE(now.ss_flags == 0 && now.ss_sp == alternate && now.ss_size == alternate_size);
    set(SIGUSR1, outer, SA_ONSTACK, 0);
    run("outer on the alternate stack");
    set(SIGUSR1, outer, 0, 0);
    set(SIGUSR2, inner, SA_ONSTACK, 0);
    run("inner on the alternate stack");
    SHOW_ERRNO(sigaltstack(&off, NULL));
    run("no alternate stack");
}

static void change_stack(int signal)
{
    stack_t now;
    stack_t off = {.ss_flags = SS_DISABLE};
    (void)signal;
    SHOW_ERRNO(sigaltstack(NULL, &now));
    SHOW_VALUE(now.ss_flags == SS_ONSTACK);
    SHOW_ERRNO(sigaltstack(&off, NULL));
}

static void stack_in_use(void)
{
    stack_t stack = {.ss_sp = alternate, .ss_size = alternate_size};
    sigaltstack(&stack, NULL);
    set(SIGUSR1, change_stack, SA_ONSTACK, 0);
    raise(SIGUSR1);
}

static void jump(int signal)
{
    siglongjmp(target, signal);
}

static void jumps(void)
{
    set(SIGUSR1, jump, 0, SIGTERM);
    for (int save = 0; save < 2; save++) {
        int got = sigsetjmp(target, save);
        if (got == 0)
            raise(SIGUSR1);
        printf("jumped %d, mask saved %d\n", got == SIGUSR1, save);
        show_mask("after the jump");
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
    }
    set(SIGUSR1, jump, SA_ONSTACK, 0);
    if (sigsetjmp(target, 1) == 0)
        raise(SIGUSR1);
    show_mask("after the jump from the alternate stack");
}

static void edit_mask(int signal, siginfo_t *info, void *context)
{
    ucontext_t *interrupted = context;
    (void)signal;
    (void)info;
    sigaddset(&interrupted->uc_sigmask, SIGTERM);
}

static void context_is_put_back(void)
{
    struct sigaction action = {.sa_sigaction = edit_mask, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, NULL);
    run("edited");
}

int main(void)
{
    masks();
    alternate_stack();
    stack_in_use();
    jumps();
    context_is_put_back();
    free(alternate);
    return 0;
}
