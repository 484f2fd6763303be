/* SPDX-License-Identifier: MIT */
#include "stops.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../sanitizers.h"
#include "ilv_test.h"

int pidfd_send_signal(int descriptor, int number, siginfo_t *info, unsigned flags);
int pidfd_open(pid_t pid, unsigned flags);

void (*before_fork)(void);
void (*in_fork)(void);
void (*at_getpid)(void);
void (*at_signal)(void);
void (*at_open)(void);
void (*at_wake)(void);
__thread unsigned wakes_to_come;
bool without_pidfds;

static void call_once(void (**hook)(void))
{
    relaxed_word(hook, sizeof *hook);
    void (*function)(void) = __atomic_exchange_n(hook, NULL, __ATOMIC_RELAXED);
    if (function) {
        function();
    }
}

void set(void (**hook)(void), void (*function)(void))
{
    relaxed_word(hook, sizeof *hook);
    __atomic_store_n(hook, function, __ATOMIC_RELAXED);
}

/* What a shared library is to find here too. */
#pragma GCC visibility push(default)

pid_t getpid(void)
{
    call_once(&at_getpid);
    return (pid_t)syscall(SYS_getpid);
}

int pidfd_send_signal(int descriptor, int number, siginfo_t *info, unsigned flags)
{
    call_once(&at_signal);
    return (int)syscall(SYS_pidfd_send_signal, descriptor, number, info, flags);
}

int pidfd_open(pid_t pid, unsigned flags)
{
    call_once(&at_open);
    if (without_pidfds) {
        errno = ENOSYS;
        return -1;
    }
    return (int)syscall(SYS_pidfd_open, pid, flags);
}

long syscall(long __sysno, ...)
{
    static long (*libc)(long number, ...);
    long arguments[6];
    va_list list;
    va_start(list, __sysno);
    for (int i = 0; i < 6; i++) {
        arguments[i] = va_arg(list, long);
    }
    va_end(list);
    if (__sysno == SYS_futex && arguments[1] == FUTEX_WAKE && wakes_to_come &&
        --wakes_to_come == 0) {
        call_once(&at_wake);
    }
    relaxed_word(&libc, sizeof libc);
    long (*theirs)(long number, ...) = __atomic_load_n(&libc, __ATOMIC_RELAXED);
    if (!theirs) {
        theirs = (long (*)(long, ...))(uintptr_t)dlsym(RTLD_NEXT, "syscall");
        __atomic_store_n(&libc, theirs, __ATOMIC_RELAXED);
    }
    return theirs(__sysno, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
                  arguments[5]);
}

#pragma GCC visibility pop

static void fork_comes(void)
{
    call_once(&before_fork);
}

static void fork_came(void)
{
    call_once(&in_fork);
}

/* Processes. */

int gate[2];

int wait_at_gate(void *argument)
{
    char byte;
    (void)argument;
    (void)close(gate[1]);
    while (read(gate[0], &byte, 1) < 0 && errno == EINTR) {
    }
    return 5;
}

void open_gate(void)
{
    (void)close(gate[1]);
}

int end_at_once(void *argument)
{
    (void)argument;
    return 3;
}

struct ilv_process *create(ilv_process_function *function, bool daemon)
{
    struct ilv_process *process = NULL;
    const struct ilv_process_options options = {.daemon = daemon};
    if (ilv_process_create(&process, &options, function, NULL) != 0) {
        abort();
    }
    return process;
}

struct ilv_process *run(ilv_process_function *function, bool daemon)
{
    struct ilv_process *process = create(function, daemon);
    if (ilv_process_start(process) != 0) {
        abort();
    }
    return process;
}

int end_of(struct ilv_process *process)
{
    int code = 1000;
    ILV_CHECK_INT(ilv_process_join(process), 0);
    ILV_CHECK_INT(ilv_process_exit_code(process, &code), 0);
    ILV_CHECK_INT(ilv_process_free(process), 0);
    return code;
}

struct ilv_process *waiting;
struct ilv_process *first;
struct ilv_process *second;
pthread_t main_thread;
pid_t main_number;

/* Behind the library's own handlers, which are there once a process was created. */
void fork_hooks(void)
{
    if (pthread_atfork(fork_comes, NULL, fork_came) != 0) {
        abort();
    }
}

static void note_signal(int number)
{
    (void)number;
}

void prepare(void)
{
    const struct sigaction action = {.sa_handler = note_signal};
    if (pipe(gate) != 0 || sigaction(SIGUSR1, &action, NULL) != 0) {
        abort();
    }
    main_thread = pthread_self();
    main_number = gettid();
    waiting = run(wait_at_gate, false);
    first = create(end_at_once, false);
    second = create(end_at_once, false);
    fork_hooks();
}
