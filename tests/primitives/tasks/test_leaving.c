/* SPDX-License-Identifier: MIT */
/*
 * Processes that end, or are signalled or joined, while another thread of theirs or another process
 * does something too: see others.h and stops.h. Where it is the exit, it is that of a child.
 */
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../sanitizers.h"
#include "ilv_test.h"
#include "others.h"
#include "steps.h"
#include "stops.h"

enum { WRONG = 9 };

static uint32_t stopped;
static uint32_t coming;

static int start_first(void)
{
    return ilv_process_start(first);
}

static int count_children(void)
{
    return (int)ilv_process_children(NULL, 0);
}

static void end_all(void)
{
    open_gate();
    ILV_CHECK_INT(end_of(waiting), 5);
    (void)ilv_process_free(first);
    (void)ilv_process_free(second);
}

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

/* Until the one that counts when told has said who it is. */
static void await_other(void)
{
    relaxed_word(&other_number, sizeof other_number);
    while (__atomic_load_n(&other_number, __ATOMIC_RELAXED) == 0) {
        (void)sched_yield();
    }
}

static int count_when_told(void)
{
    relaxed_word(&other_number, sizeof other_number);
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
    await_other();
    set(&at_signal, expect_to_be_alone);
    return 0;
}

static void nobody_looks_at_the_children_while_one_is_signalled(void)
{
    static struct other other;
    prepare();
    begin_other(&other, count_when_told);
    await_other();
    set(&at_signal, expect_to_be_alone);
    ILV_CHECK_INT(ilv_process_signal(waiting, SIGUSR1), 0);
    end_all();
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

/* What is freed is used again at once. */
static void use_freed_memory(void)
{
    static void *used[32];
    for (size_t i = 0; i < sizeof used / sizeof *used; i++) {
        used[i] = malloc(16 * (i + 1));
        if (used[i]) {
            memset(used[i], 0xff, 16 * (i + 1));
        }
    }
}

/* Before the exit waits for the next one, which is told that it did. */
static int free_when_told(void)
{
    const char byte = 0;
    hear(&coming);
    (void)ilv_process_kill(first);
    if (end_of(first) != -SIGKILL) {
        _exit(WRONG);
    }
    use_freed_memory();
    say(&joined);
    await_sleeping(main_number);
    return write(gate[1], &byte, 1) == 1 ? wait_for_ever(NULL) : 0;
}

static int is_waited_for(void *report)
{
    char byte;
    (void)close(gate[1]);
    bool right = read(gate[0], &byte, 1) == 1;
    return write(((int *)report)[1], &right, 1) == 1 ? 0 : WRONG;
}

static int exit_while_another_frees(void *report)
{
    static struct other other;
    if (pipe(gate) != 0) {
        return WRONG;
    }
    main_number = gettid();
    first = run(wait_for_ever, false);
    struct ilv_process *last = NULL;
    if (ilv_process_run(&last, NULL, is_waited_for, report) != 0) {
        return WRONG;
    }
    second = last;
    begin_other(&other, free_when_told);
    set(&at_getpid, let_the_other_join);
    return 0;
}

static void an_exit_joins_while_another_thread_frees_who_is_joined(void)
{
    int report[2];
    bool right = false;
    ILV_CHECK_INT(pipe(report), 0);
    struct ilv_process *leaver = NULL;
    ILV_CHECK_INT(ilv_process_run(&leaver, NULL, exit_while_another_frees, report), 0);
    ILV_CHECK_INT(end_of(leaver), 0);
    ILV_CHECK_INT(read(report[0], &right, 1), 1);
    ILV_CHECK(right);
}

/* Others that wait for the children, or have no pidfds. */

static int traced_told[2];

/* The zombie is the tracer's until it has waited for it. */
static int trace_it(void *unused)
{
    siginfo_t info;
    pid_t pid = ilv_process_pid(waiting);
    bool seized = ptrace(PTRACE_SEIZE, pid, 0, 0) == 0;
    (void)unused;
    if (write(traced_told[1], &seized, 1) != 1 || !seized ||
        waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0) {
        return 1;
    }
    await_sleeping(main_number);
    return waitpid(pid, NULL, 0) == pid ? 0 : 1;
}

static void a_process_that_another_traces_is_joined_to_its_end(void)
{
    bool seized = false;
    prepare();
    pid_t pid = ilv_process_pid(waiting);
    ILV_CHECK_INT(pipe(traced_told), 0);
    struct ilv_process *tracer = run(trace_it, false);
    ILV_CHECK_INT(read(traced_told[0], &seized, 1), 1);
    if (!seized) {
        (void)ilv_process_kill(waiting);
        ilv_test_skip("no ptrace here");
    }
    ILV_CHECK_INT(ilv_process_kill(waiting), 0);
    ILV_CHECK_INT(ilv_process_join(waiting), 0);
    ILV_CHECK(kill(pid, 0) != 0);
    ILV_CHECK_INT(end_of(waiting), -SIGKILL);
    ILV_CHECK_INT(end_of(tracer), 0);
}

static int see_the_parent_end(void *unused)
{
    bool seen = ilv_process_join(ilv_process_parent()) == 0;
    (void)unused;
    return write(gate[1], &seen, 1) == 1 ? 0 : WRONG;
}

static int leave_an_orphan(void *unused)
{
    (void)unused;
    (void)run(see_the_parent_end, false);
    (void)raise(SIGKILL);
    return WRONG;
}

static void the_end_of_the_parent_is_seen_where_there_are_no_pidfds(void)
{
    bool seen = false;
    without_pidfds = true;
    ILV_CHECK_INT(pipe(gate), 0);
    ILV_CHECK_INT(end_of(run(leave_an_orphan, false)), -SIGKILL);
    open_gate();
    ILV_CHECK_INT(read(gate[0], &seen, 1), 1);
    ILV_CHECK(seen);
}

ILV_SUITE(process_leaving, ILV_TEST(nobody_looks_at_the_children_while_one_is_signalled),
          ILV_TEST(a_process_that_another_traces_is_joined_to_its_end),
          ILV_TEST(the_end_of_the_parent_is_seen_where_there_are_no_pidfds),
          ILV_TEST(a_start_before_the_exit_is_joined),
          ILV_TEST(nobody_looks_at_the_children_while_daemons_are_ended),
          ILV_TEST(an_exit_joins_while_another_thread_does),
          ILV_TEST(an_exit_joins_while_another_thread_frees_who_is_joined));
