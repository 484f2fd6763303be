/* SPDX-License-Identifier: MIT */
/*
 * Several threads of one parent: what they know of its processes is ordered by the library's locks.
 *
 * See others.h. Handlers of fork, and calls of the system that stand here instead of libc's, stop a
 * thread in the middle of an operation until the other sleeps or is done.
 */
#include <ilv/process.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ilv_test.h"
#include "others.h"
#include "steps.h"

enum { WRONG = 9 };

int pidfd_send_signal(int descriptor, int number, siginfo_t *info, unsigned flags);

/* Called once, by who comes there next. */
static void (*before_fork)(void);
static void (*in_fork)(void);
static void (*at_getpid)(void);
static void (*at_signal)(void);

static void call_once(void (**hook)(void))
{
    void (*function)(void) = __atomic_exchange_n(hook, NULL, __ATOMIC_RELAXED);
    if (function) {
        function();
    }
}

static void set(void (**hook)(void), void (*function)(void))
{
    __atomic_store_n(hook, function, __ATOMIC_RELAXED);
}

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

static void fork_comes(void)
{
    call_once(&before_fork);
}

static void fork_came(void)
{
    call_once(&in_fork);
}

/* Processes. */

static int gate[2];

static int wait_at_gate(void *argument)
{
    char byte;
    (void)argument;
    (void)close(gate[1]);
    while (read(gate[0], &byte, 1) < 0 && errno == EINTR) {
    }
    return 5;
}

static void open_gate(void)
{
    (void)close(gate[1]);
}

static int end_at_once(void *argument)
{
    (void)argument;
    return 3;
}

static struct ilv_process *create(ilv_process_function *function, bool daemon)
{
    struct ilv_process *process = NULL;
    const struct ilv_process_options options = {.daemon = daemon};
    if (ilv_process_create(&process, &options, function, NULL) != 0) {
        abort();
    }
    return process;
}

static struct ilv_process *run(ilv_process_function *function, bool daemon)
{
    struct ilv_process *process = create(function, daemon);
    if (ilv_process_start(process) != 0) {
        abort();
    }
    return process;
}

static int end_of(struct ilv_process *process)
{
    int code = 1000;
    ILV_CHECK_INT(ilv_process_join(process), 0);
    ILV_CHECK_INT(ilv_process_exit_code(process, &code), 0);
    ILV_CHECK_INT(ilv_process_free(process), 0);
    return code;
}

/* One that waits at the gate, and two that are to be started. */
static struct ilv_process *waiting;
static struct ilv_process *first;
static struct ilv_process *second;
static pthread_t main_thread;
static pid_t main_number;

static void note_signal(int number)
{
    (void)number;
}

static void prepare(void)
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
    if (pthread_atfork(fork_comes, NULL, fork_came) != 0) {
        abort();
    }
}

static int start_first(void)
{
    return ilv_process_start(first);
}

static int start_second(void)
{
    return ilv_process_start(second);
}

static void end_all(void)
{
    open_gate();
    ILV_CHECK_INT(end_of(waiting), 5);
    (void)ilv_process_start(first);
    (void)ilv_process_start(second);
    ILV_CHECK_INT(end_of(first), 3);
    ILV_CHECK_INT(end_of(second), 3);
}

static void of_two_starts_of_a_process_one_is_refused(void)
{
    int result = -1;
    prepare();
    ILV_CHECK_INT(after(start_first, start_first, &result), 0);
    ILV_CHECK_INT(result, EALREADY);
    end_all();
}

static void several_threads_may_start_processes(void)
{
    int result = -1;
    prepare();
    ILV_CHECK_INT(after(start_first, start_second, &result), 0);
    ILV_CHECK_INT(result, 0);
    end_all();
}

static int create_first(void)
{
    (void)ilv_process_free(first);
    first = create(end_at_once, false);
    return 0;
}

static int create_second(void)
{
    (void)ilv_process_free(second);
    second = create(end_at_once, false);
    return 0;
}

static void names_are_counted_by_all_threads(void)
{
    int result = -1;
    prepare();
    ILV_CHECK_INT(after(create_first, create_second, &result), 0);
    ILV_CHECK_STR(ilv_process_name(first), "Process-4");
    ILV_CHECK_STR(ilv_process_name(second), "Process-5");
    end_all();
}

static int ask_whether_it_is_alive(void)
{
    return ilv_process_alive(waiting);
}

static int signal_it(void)
{
    return ilv_process_signal(waiting, SIGUSR1);
}

static int count_children(void)
{
    struct ilv_process *list[4];
    return (int)ilv_process_children(list, 4);
}

static int join_waiting(void)
{
    open_gate();
    return ilv_process_join(waiting);
}

static void a_process_may_be_asked_for_while_another_thread_joins_it(void)
{
    int (*const asks[])(void) = {ask_whether_it_is_alive, signal_it, count_children};
    const int expected[] = {1, 0, 1};
    prepare();
    for (int i = 0; i < 3; i++) {
        int result = -1;
        ILV_CHECK_INT(after(asks[i], join_waiting, &result), expected[i]);
        ILV_CHECK_INT(result, 0);
        ILV_CHECK_INT(end_of(waiting), 5);
        if (pipe(gate) != 0) {
            abort();
        }
        waiting = run(wait_at_gate, false);
    }
    end_all();
}

static void children_may_be_counted_while_another_thread_starts_one(void)
{
    int result = -1;
    prepare();
    ILV_CHECK_INT(after(count_children, start_first, &result), 1);
    ILV_CHECK_INT(result, 0);
    end_all();
}

/* Starts that meet. */

static uint32_t stopped;
static uint32_t coming;

/* The other has come as far as it can; a signal does not bring it further. */
static void let_the_other_come(void)
{
    say(&stopped);
    hear(&coming);
    await_sleeping(main_number);
    (void)pthread_kill(main_thread, SIGUSR1);
    await_sleeping(main_number);
}

static int spawn_program(void)
{
    char shell[] = "sh";
    char option[] = "-c";
    char script[] = "exit 3";
    char *const arguments[] = {shell, option, script, NULL};
    (void)ilv_process_free(first);
    set(&before_fork, let_the_other_come);
    return ilv_process_spawn(&first, NULL, "/bin/sh", arguments, NULL);
}

/* If not, what is started here would hold the report of the program's exec open. */
static void a_start_waits_for_one_that_is_under_way(void)
{
    struct other other;
    prepare();
    ILV_CHECK_INT(ilv_process_free(second), 0);
    second = create(wait_at_gate, false);
    begin_other(&other, spawn_program);
    hear(&stopped);
    say(&coming);
    ILV_CHECK_INT(start_second(), 0);
    ILV_CHECK_INT(end_other(&other), 0);
    open_gate();
    ILV_CHECK_INT(end_of(waiting), 5);
    ILV_CHECK_INT(end_of(first), 3);
    ILV_CHECK_INT(end_of(second), 5);
}

static int start_first_and_stop(void)
{
    set(&before_fork, let_the_other_come);
    return start_first();
}

static void a_daemon_waits_for_another_that_is_started(void)
{
    struct other other;
    prepare();
    (void)ilv_process_free(first);
    (void)ilv_process_free(second);
    first = create(end_at_once, true);
    second = create(end_at_once, true);
    begin_other(&other, start_first_and_stop);
    hear(&stopped);
    say(&coming);
    ILV_CHECK_INT(start_second(), 0);
    ILV_CHECK_INT(end_other(&other), 0);
    end_all();
}

static int child_gate[2];
static int child_told[2];

static void stop_child(void)
{
    char byte = 0;
    (void)close(child_gate[1]);
    if (write(child_told[1], &byte, 1) == 1) {
        (void)!read(child_gate[0], &byte, 1);
    }
}

static int signal_who_waits_for_the_report(void)
{
    char byte;
    (void)!read(child_told[0], &byte, 1);
    await_sleeping(main_number);
    (void)pthread_kill(main_thread, SIGUSR1);
    await_sleeping(main_number);
    (void)close(child_gate[1]);
    return 0;
}

static void a_signal_does_not_hide_that_there_is_no_such_program(void)
{
    struct other other;
    struct ilv_process *none = NULL;
    char name[] = "none";
    char *const arguments[] = {name, NULL};
    prepare();
    if (pipe(child_gate) != 0 || pipe(child_told) != 0) {
        abort();
    }
    begin_other(&other, signal_who_waits_for_the_report);
    set(&in_fork, stop_child);
    ILV_CHECK_INT(ilv_process_spawn(&none, NULL, "/none/such", arguments, NULL), ENOENT);
    ILV_CHECK_INT(end_other(&other), 0);
    end_all();
}

/* The end of a process that has several threads: each of these runs in a child. */

static int wait_for_ever(void *argument)
{
    (void)argument;
    for (;;) {
        (void)pause();
    }
    return 0;
}

static int exit_behind_a_start(void *argument)
{
    static struct other other;
    (void)argument;
    first = create(end_at_once, false);
    begin_other(&other, start_first);
    hear(&other.over);
    return 0;
}

static void a_start_before_the_exit_is_joined(void)
{
    ILV_CHECK_INT(end_of(run(exit_behind_a_start, false)), 0);
}

static pid_t other_number;
static uint32_t counted;

static int count_when_told(void)
{
    __atomic_store_n(&other_number, gettid(), __ATOMIC_RELAXED);
    hear(&stopped);
    (void)count_children();
    say(&counted);
    return wait_for_ever(NULL);
}

static void expect_to_be_alone(void)
{
    say(&stopped);
    await_sleeping(__atomic_load_n(&other_number, __ATOMIC_RELAXED));
    if (is_said(&counted)) {
        _exit(WRONG);
    }
}

static int exit_while_another_counts(void *argument)
{
    static struct other other;
    (void)argument;
    first = run(wait_for_ever, true);
    begin_other(&other, count_when_told);
    while (__atomic_load_n(&other_number, __ATOMIC_RELAXED) == 0) {
        (void)sched_yield();
    }
    set(&at_signal, expect_to_be_alone);
    return 0;
}

static void nobody_looks_at_the_children_while_daemons_are_ended(void)
{
    ILV_CHECK_INT(end_of(run(exit_while_another_counts, false)), 0);
}

static uint32_t joined;

static int join_when_told(void)
{
    hear(&coming);
    if (ilv_process_join(first) != 0) {
        _exit(WRONG);
    }
    open_gate();
    say(&joined);
    return wait_for_ever(NULL);
}

static void let_the_other_join(void)
{
    say(&coming);
    hear(&joined);
}

static int exit_while_another_joins(void *argument)
{
    static struct other other;
    (void)argument;
    first = run(end_at_once, true);
    struct pollfd look = {.fd = ilv_process_descriptor(first), .events = POLLIN};
    if (pipe(gate) != 0 || poll(&look, 1, -1) != 1) {
        return WRONG;
    }
    second = run(wait_at_gate, false);
    begin_other(&other, join_when_told);
    set(&at_getpid, let_the_other_join);
    return 0;
}

static void an_exit_joins_while_another_thread_does(void)
{
    ILV_CHECK_INT(end_of(run(exit_while_another_joins, false)), 0);
}

ILV_SUITE(process_starts, ILV_TEST(of_two_starts_of_a_process_one_is_refused),
          ILV_TEST(several_threads_may_start_processes), ILV_TEST(names_are_counted_by_all_threads),
          ILV_TEST(a_process_may_be_asked_for_while_another_thread_joins_it),
          ILV_TEST(children_may_be_counted_while_another_thread_starts_one),
          ILV_TEST(a_start_waits_for_one_that_is_under_way),
          ILV_TEST(a_daemon_waits_for_another_that_is_started),
          ILV_TEST(a_signal_does_not_hide_that_there_is_no_such_program),
          ILV_TEST(a_start_before_the_exit_is_joined),
          ILV_TEST(nobody_looks_at_the_children_while_daemons_are_ended),
          ILV_TEST(an_exit_joins_while_another_thread_does));
