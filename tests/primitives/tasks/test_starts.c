/* SPDX-License-Identifier: MIT */
/* Several threads of one parent that start processes and ask for them: see others.h and stops.h. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "ilv_test.h"
#include "others.h"
#include "steps.h"
#include "stops.h"

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

static void prepare_daemons(void)
{
    prepare();
    (void)ilv_process_free(first);
    (void)ilv_process_free(second);
    first = create(end_at_once, true);
    second = create(end_at_once, true);
}

static void a_daemon_waits_for_another_that_is_started(void)
{
    struct other other;
    prepare_daemons();
    begin_other(&other, start_first_and_stop);
    hear(&stopped);
    say(&coming);
    ILV_CHECK_INT(start_second(), 0);
    ILV_CHECK_INT(end_other(&other), 0);
    end_all();
}

static void come_when_the_other_stops(void)
{
    say(&stopped);
    hear(&coming);
    await_sleeping(main_number);
}

static int start_first_before_any(void)
{
    set(&before_fork, come_when_the_other_stops);
    return start_first();
}

static void the_first_starts_may_meet(void)
{
    struct other other;
    main_number = gettid();
    first = create(end_at_once, false);
    second = create(end_at_once, false);
    fork_hooks();
    begin_other(&other, start_first_before_any);
    hear(&stopped);
    say(&coming);
    ILV_CHECK_INT(start_second(), 0);
    ILV_CHECK_INT(end_other(&other), 0);
    ILV_CHECK_INT(end_of(first), 3);
    ILV_CHECK_INT(end_of(second), 3);
}

static void wait_for_the_other(void)
{
    say(&stopped);
    hear(&coming);
}

/* Stops with all done but to wake: who comes now is not told of it by any lock. */
static int start_first_but_for_the_end(void)
{
    wakes_to_come = 2;
    set(&at_wake, wait_for_the_other);
    return start_first();
}

static void a_daemon_is_started_behind_another_that_nobody_told_of(void)
{
    struct other other;
    prepare_daemons();
    begin_other(&other, start_first_but_for_the_end);
    hear(&stopped);
    ILV_CHECK_INT(start_second(), 0);
    say(&coming);
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

ILV_SUITE(process_starts, ILV_TEST(of_two_starts_of_a_process_one_is_refused),
          ILV_TEST(several_threads_may_start_processes), ILV_TEST(names_are_counted_by_all_threads),
          ILV_TEST(a_process_may_be_asked_for_while_another_thread_joins_it),
          ILV_TEST(children_may_be_counted_while_another_thread_starts_one),
          ILV_TEST(a_start_waits_for_one_that_is_under_way), ILV_TEST(the_first_starts_may_meet),
          ILV_TEST(a_daemon_waits_for_another_that_is_started),
          ILV_TEST(a_daemon_is_started_behind_another_that_nobody_told_of),
          ILV_TEST(a_signal_does_not_hide_that_there_is_no_such_program));
