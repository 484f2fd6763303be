/* SPDX-License-Identifier: MIT */
#include <ilv/process.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ilv_test.h"

static const struct timespec past = {0, 0};

/* A pipe as a gate: waiting ends when the other side writes or is gone. */
struct gate {
    int ends[2];
};

static struct gate make_gate(void)
{
    struct gate gate;
    if (pipe2(gate.ends, O_CLOEXEC) != 0) {
        abort();
    }
    return gate;
}

static void pass(const struct gate *gate)
{
    char byte;
    (void)close(gate->ends[1]);
    while (read(gate->ends[0], &byte, 1) < 0 && errno == EINTR) {
    }
}

static void open_gate(struct gate *gate)
{
    (void)close(gate->ends[1]);
    (void)close(gate->ends[0]);
}

static void tell(const struct gate *gate, pid_t value)
{
    if (write(gate->ends[1], &value, sizeof value) != (ssize_t)sizeof value) {
        abort();
    }
}

static pid_t hear(const struct gate *gate)
{
    pid_t value = -1;
    return read(gate->ends[0], &value, sizeof value) == (ssize_t)sizeof value ? value : -1;
}

static int return_argument(void *argument)
{
    return *(int *)argument;
}

static int wait_at_gate(void *gate)
{
    pass(gate);
    return 5;
}

static int wait_for_ever(void *argument)
{
    (void)argument;
    for (;;) {
        (void)pause();
    }
    return 0;
}

static int code_of(struct ilv_process *process)
{
    int code = 1000;
    ILV_CHECK_INT(ilv_process_join(process), 0);
    ILV_CHECK_INT(ilv_process_exit_code(process, &code), 0);
    ILV_CHECK_INT(ilv_process_free(process), 0);
    return code;
}

static struct ilv_process *start(ilv_process_function *function, void *argument, bool daemon)
{
    struct ilv_process *process = NULL;
    const struct ilv_process_options options = {.daemon = daemon};
    if (!ILV_CHECK_INT(ilv_process_run(&process, &options, function, argument), 0)) {
        exit(1);
    }
    return process;
}

static void the_result_of_the_function_is_the_exit_code(void)
{
    int seven = 7;
    int big = 256 + 3;
    ILV_CHECK_INT(code_of(start(return_argument, &seven, false)), 7);
    ILV_CHECK_INT(code_of(start(return_argument, &big, false)), 3);
}

static void a_signal_is_the_negative_exit_code(void)
{
    struct ilv_process *killed = start(wait_for_ever, NULL, false);
    struct ilv_process *ended = start(wait_for_ever, NULL, false);
    ILV_CHECK_INT(ilv_process_kill(killed), 0);
    ILV_CHECK_INT(ilv_process_terminate(ended), 0);
    ILV_CHECK_INT(code_of(killed), -SIGKILL);
    ILV_CHECK_INT(code_of(ended), -SIGTERM);
}

static void timed_joins_leave_a_running_process_alone(void)
{
    struct gate gate = make_gate();
    struct ilv_process *process = start(wait_at_gate, &gate, false);
    int code;
    ILV_CHECK_INT(ilv_process_join_until(process, &past), ETIMEDOUT);
    ILV_CHECK_INT(ilv_process_try_join(process), EBUSY);
    ILV_CHECK_INT(ilv_process_exit_code(process, &code), EBUSY);
    ILV_CHECK_INT(ilv_process_free(process), EBUSY);
    ILV_CHECK(ilv_process_alive(process));
    open_gate(&gate);
    ILV_CHECK_INT(ilv_process_join_until(process, NULL), 0);
    ILV_CHECK(!ilv_process_alive(process));
    ILV_CHECK_INT(ilv_process_join_until(process, &past), 0);
    ILV_CHECK_INT(code_of(process), 5);
}

static bool exists(pid_t pid)
{
    return kill(pid, 0) == 0;
}

static void no_zombie_stays_once_joined(void)
{
    int zero = 0;
    struct ilv_process *process = start(return_argument, &zero, false);
    pid_t pid = ilv_process_pid(process);
    ILV_CHECK(exists(pid));
    ILV_CHECK_INT(ilv_process_join(process), 0);
    ILV_CHECK(!exists(pid));
    ILV_CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
    ILV_CHECK_INT(errno, ECHILD);
    ILV_CHECK_INT(ilv_process_free(process), 0);
}

/* Where there are no pidfds, its zombie comes a moment after the descriptor has told. */
static void asking_for_the_children_joins_those_that_ended(void)
{
    int zero = 0;
    struct gate gate = make_gate();
    struct ilv_process *list[4] = {NULL};
    struct ilv_process *first = start(wait_at_gate, &gate, false);
    struct ilv_process *ended = start(return_argument, &zero, false);
    struct ilv_process *last = start(wait_at_gate, &gate, false);
    struct pollfd look = {.fd = ilv_process_descriptor(ended), .events = POLLIN};
    ILV_CHECK_INT(poll(&look, 1, -1), 1);
    siginfo_t info;
    ILV_CHECK_INT(waitid(P_PID, (id_t)ilv_process_pid(ended), &info, WEXITED | WNOWAIT), 0);
    ILV_CHECK_INT((long long)ilv_process_children(list, 4), 2);
    ILV_CHECK(list[0] == first && list[1] == last);
    ILV_CHECK(!exists(ilv_process_pid(ended)));
    ILV_CHECK_INT((long long)ilv_process_children(list, 1), 2);
    ILV_CHECK_INT((long long)ilv_process_children(NULL, 0), 2);
    open_gate(&gate);
    ILV_CHECK_INT(code_of(first), 5);
    ILV_CHECK_INT(code_of(last), 5);
    ILV_CHECK_INT(code_of(ended), 0);
    ILV_CHECK_INT((long long)ilv_process_children(NULL, 0), 0);
}

static void misuse_gives_an_error(void)
{
    int zero = 0;
    int code;
    size_t index;
    struct ilv_process *process;
    const struct timespec senseless = {0, 1000000000};
    const struct timespec negative = {-1, 0};
    ILV_CHECK_INT(ilv_process_create(NULL, NULL, return_argument, NULL), EINVAL);
    ILV_CHECK_INT(ilv_process_create(&process, NULL, NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_process_start(NULL), EINVAL);
    ILV_CHECK_INT(ilv_process_join(NULL), EINVAL);
    ILV_CHECK_INT(ilv_process_exit_code(NULL, &code), EINVAL);
    ILV_CHECK_INT(ilv_process_kill(NULL), EINVAL);
    ILV_CHECK_INT(ilv_process_free(NULL), 0);
    ILV_CHECK_INT(ilv_process_create(&process, NULL, return_argument, &zero), 0);
    ILV_CHECK_INT(ilv_process_join(process), ESRCH);
    ILV_CHECK_INT(ilv_process_join_any(&process, 1, &index, NULL), ESRCH);
    ILV_CHECK_INT(ilv_process_kill(process), ESRCH);
    ILV_CHECK_INT(ilv_process_exit_code(process, &code), ESRCH);
    ILV_CHECK(!ilv_process_alive(process));
    ILV_CHECK_INT(ilv_process_pid(process), 0);
    ILV_CHECK_INT(ilv_process_start(process), 0);
    ILV_CHECK_INT(ilv_process_start(process), EALREADY);
    ILV_CHECK_INT(ilv_process_join_until(process, &senseless), EINVAL);
    ILV_CHECK_INT(ilv_process_join_until(process, &negative), EINVAL);
    ILV_CHECK_INT(ilv_process_join_any(&process, 0, &index, NULL), EINVAL);
    ILV_CHECK_INT(ilv_process_join(process), 0);
    ILV_CHECK_INT(ilv_process_start(process), EALREADY);
    ILV_CHECK_INT(ilv_process_terminate(process), ESRCH);
    ILV_CHECK_INT(ilv_process_exit_code(process, NULL), EINVAL);
    ILV_CHECK_INT(ilv_process_free(process), 0);
    ILV_CHECK_INT(ilv_process_join(ilv_process_current()), EDEADLK);
    ILV_CHECK_INT(ilv_process_free(ilv_process_current()), EINVAL);
}

static void names_are_given_or_counted(void)
{
    struct ilv_process *process[3];
    char longest[65];
    memset(longest, 'x', 64);
    longest[64] = 0;
    struct ilv_process_options options = {.name = longest};
    ILV_CHECK_INT(ilv_process_create(&process[0], &options, wait_for_ever, NULL), ENAMETOOLONG);
    longest[63] = 0;
    ILV_CHECK_INT(ilv_process_create(&process[0], &options, wait_for_ever, NULL), 0);
    ILV_CHECK_STR(ilv_process_name(process[0]), longest);
    ILV_CHECK_INT(ilv_process_create(&process[1], NULL, wait_for_ever, NULL), 0);
    ILV_CHECK_INT(ilv_process_create(&process[2], NULL, wait_for_ever, NULL), 0);
    ILV_CHECK_STR(ilv_process_name(process[1]), "Process-2");
    ILV_CHECK_STR(ilv_process_name(process[2]), "Process-3");
    ILV_CHECK_STR(ilv_process_name(ilv_process_current()), "MainProcess");
    ILV_CHECK_INT(ilv_process_pid(ilv_process_current()), getpid());
    ILV_CHECK(ilv_process_parent() == NULL);
    for (int i = 0; i < 3; i++) {
        ILV_CHECK_INT(ilv_process_free(process[i]), 0);
    }
}

static int know_oneself(void *sibling)
{
    int wrong = 0;
    struct ilv_process *self = ilv_process_current();
    struct ilv_process *parent = ilv_process_parent();
    struct ilv_process *own = NULL;
    int code;
    wrong += ilv_process_pid(self) != getpid();
    wrong += strcmp(ilv_process_name(self), "Process-2") != 0;
    wrong += !ilv_process_alive(self) || ilv_process_daemon(self);
    wrong += ilv_process_join(self) != EDEADLK || ilv_process_free(self) != EINVAL;
    wrong += ilv_process_pid(parent) != getppid() || !ilv_process_alive(parent);
    wrong += strcmp(ilv_process_name(parent), "MainProcess") != 0;
    wrong += ilv_process_try_join(parent) != EBUSY || ilv_process_free(parent) != EINVAL;
    wrong += ilv_process_exit_code(parent, &code) != ECHILD;
    wrong += ilv_process_children(NULL, 0) != 0;
    wrong += ilv_process_join(sibling) != ECHILD || ilv_process_kill(sibling) != ECHILD;
    wrong += ilv_process_free(sibling) != ECHILD || ilv_process_alive(sibling);
    wrong += ilv_process_create(&own, NULL, wait_for_ever, NULL) != 0;
    wrong += strcmp(ilv_process_name(own), "Process-2:1") != 0;
    wrong += ilv_process_free(own) != 0;
    return wrong;
}

static void a_child_knows_itself_and_its_parent_and_not_its_siblings(void)
{
    struct gate gate = make_gate();
    struct ilv_process *sibling = start(wait_at_gate, &gate, false);
    ILV_CHECK_INT(code_of(start(know_oneself, sibling, false)), 0);
    open_gate(&gate);
    ILV_CHECK_INT(code_of(sibling), 5);
}

struct orphan {
    struct gate gone;
    struct gate told;
};

static int see_the_parent_end(void *argument)
{
    struct orphan *orphan = argument;
    int error = ilv_process_join(ilv_process_parent());
    tell(&orphan->told, error == 0 && !ilv_process_alive(ilv_process_parent()) ? 1 : 2);
    return 0;
}

static int leave_an_orphan(void *argument)
{
    (void)start(see_the_parent_end, argument, false);
    (void)raise(SIGKILL);
    return 0;
}

static void the_end_of_the_parent_can_be_joined(void)
{
    struct orphan orphan = {.gone = make_gate(), .told = make_gate()};
    ILV_CHECK_INT(code_of(start(leave_an_orphan, &orphan, false)), -SIGKILL);
    ILV_CHECK_INT(hear(&orphan.told), 1);
}

static void the_first_of_several_to_end_is_joined(void)
{
    struct gate gates[3] = {make_gate(), make_gate(), make_gate()};
    struct ilv_process *processes[3];
    size_t index = 9;
    for (int i = 0; i < 3; i++) {
        processes[i] = start(wait_for_ever, NULL, false);
    }
    ILV_CHECK_INT(ilv_process_join_any(processes, 3, &index, &past), ETIMEDOUT);
    ILV_CHECK_INT(ilv_process_kill(processes[1]), 0);
    ILV_CHECK_INT(ilv_process_join_any(processes, 3, &index, NULL), 0);
    ILV_CHECK_INT((long long)index, 1);
    for (int i = 0; i < 3; i++) {
        (void)ilv_process_kill(processes[i]);
        ILV_CHECK_INT(code_of(processes[i]), -SIGKILL);
        open_gate(&gates[i]);
    }
}

static void *join_it(void *process)
{
    return ilv_process_join(process) == 0 && !ilv_process_alive(process) ? NULL : process;
}

static void several_threads_may_join_at_once(void)
{
    struct gate gate = make_gate();
    struct ilv_process *process = start(wait_at_gate, &gate, false);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        ILV_CHECK_INT(pthread_create(&threads[i], NULL, join_it, process), 0);
    }
    open_gate(&gate);
    for (int i = 0; i < 4; i++) {
        void *failed = process;
        ILV_CHECK_INT(pthread_join(threads[i], &failed), 0);
        ILV_CHECK(failed == NULL);
    }
    ILV_CHECK_INT(code_of(process), 5);
}

/* Programs. */

static void a_program_is_run_with_its_arguments_and_environment(void)
{
    struct ilv_process *process = NULL;
    char shell[] = "sh";
    char option[] = "-c";
    char script[] = "exit $((CODE + $1))";
    char zero[] = "zero";
    char two[] = "2";
    char code[] = "CODE=40";
    char *arguments[] = {shell, option, script, zero, two, NULL};
    char *environment[] = {code, NULL};
    ILV_CHECK_INT(ilv_process_spawn(&process, NULL, "/bin/sh", arguments, environment), 0);
    ILV_CHECK_INT(code_of(process), 42);
    ILV_CHECK_INT(setenv("CODE", "20", 1), 0);
    ILV_CHECK_INT(ilv_process_spawn(&process, NULL, "sh", arguments, NULL), 0);
    ILV_CHECK_INT(code_of(process), 22);
}

static int open_descriptors(void)
{
    int count = 0;
    for (int fd = 0; fd < 256; fd++) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

static void a_program_that_is_not_there_is_an_error_of_the_start(void)
{
    struct ilv_process *process = NULL;
    char name[] = "none";
    char *arguments[] = {name, NULL};
    ILV_CHECK_INT(ilv_process_spawn(&process, NULL, "/none/such", arguments, NULL), ENOENT);
    ILV_CHECK(process == NULL);
    int before = open_descriptors();
    ILV_CHECK_INT(ilv_process_create_program(&process, NULL, "/dev/null", arguments, NULL), 0);
    ILV_CHECK_INT(ilv_process_start(process), EACCES);
    ILV_CHECK_INT(ilv_process_start(process), EACCES);
    ILV_CHECK_INT(ilv_process_join(process), ESRCH);
    ILV_CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
    ILV_CHECK_INT(ilv_process_free(process), 0);
    ILV_CHECK_INT(open_descriptors(), before);
    ILV_CHECK_INT(ilv_process_create_program(&process, NULL, "", arguments, NULL), EINVAL);
    ILV_CHECK_INT(ilv_process_create_program(&process, NULL, "sh", arguments + 1, NULL), EINVAL);
}

static void without_descriptors_a_start_fails_as_a_whole(void)
{
    int zero = 0;
    struct ilv_process *process = NULL;
    struct rlimit limit;
    ILV_CHECK_INT(code_of(start(return_argument, &zero, false)), 0);
    ILV_CHECK_INT(ilv_process_create(&process, NULL, return_argument, &zero), 0);
    ILV_CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
    const struct rlimit none = {3, limit.rlim_max};
    ILV_CHECK_INT(setrlimit(RLIMIT_NOFILE, &none), 0);
    ILV_CHECK_INT(ilv_process_start(process), EMFILE);
    ILV_CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
    ILV_CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
    ILV_CHECK_INT(ilv_process_start(process), 0);
    ILV_CHECK_INT(code_of(process), 0);
}

static void repeated_starts_leave_no_descriptor_behind(void)
{
    int zero = 0;
    ILV_CHECK_INT(code_of(start(return_argument, &zero, false)), 0);
    ILV_CHECK_INT(code_of(start(return_argument, &zero, true)), 0);
    int before = open_descriptors();
    for (int i = 0; i < 10; i++) {
        ILV_CHECK_INT(code_of(start(return_argument, &zero, i % 2 == 0)), 0);
    }
    ILV_CHECK_INT(open_descriptors(), before);
}

/* What others do with children. */

static void an_exit_code_that_somebody_else_took_is_said_to_be_lost(void)
{
    int three = 3;
    int code;
    struct ilv_process *process = start(return_argument, &three, false);
    ILV_CHECK_INT(waitpid(ilv_process_pid(process), NULL, 0), ilv_process_pid(process));
    ILV_CHECK_INT(ilv_process_join(process), 0);
    ILV_CHECK_INT(ilv_process_exit_code(process, &code), ECHILD);
    ILV_CHECK_INT(ilv_process_kill(process), ESRCH);
    ILV_CHECK_INT(ilv_process_free(process), 0);
}

static void a_plain_fork_is_its_own_main_process(void)
{
    struct gate gate = make_gate();
    struct ilv_process *process = start(wait_at_gate, &gate, false);
    pid_t child = fork();
    if (child == 0) {
        int four = 4;
        bool right = ilv_process_join(process) == ECHILD &&
                     ilv_process_pid(ilv_process_current()) == getpid() &&
                     ilv_process_children(NULL, 0) == 0;
        _exit(right && code_of(start(return_argument, &four, false)) == 4 ? 0 : 1);
    }
    int status = -1;
    ILV_CHECK_INT(waitpid(child, &status, 0), child);
    ILV_CHECK_INT(status, 0);
    open_gate(&gate);
    ILV_CHECK_INT(code_of(process), 5);
}

ILV_SUITE(process, ILV_TEST(the_result_of_the_function_is_the_exit_code),
          ILV_TEST(a_signal_is_the_negative_exit_code),
          ILV_TEST(timed_joins_leave_a_running_process_alone),
          ILV_TEST(no_zombie_stays_once_joined),
          ILV_TEST(asking_for_the_children_joins_those_that_ended), ILV_TEST(misuse_gives_an_error),
          ILV_TEST(names_are_given_or_counted),
          ILV_TEST(a_child_knows_itself_and_its_parent_and_not_its_siblings),
          ILV_TEST(the_end_of_the_parent_can_be_joined),
          ILV_TEST(the_first_of_several_to_end_is_joined),
          ILV_TEST(several_threads_may_join_at_once),
          ILV_TEST(a_program_is_run_with_its_arguments_and_environment),
          ILV_TEST(a_program_that_is_not_there_is_an_error_of_the_start),
          ILV_TEST(without_descriptors_a_start_fails_as_a_whole),
          ILV_TEST(repeated_starts_leave_no_descriptor_behind),
          ILV_TEST(an_exit_code_that_somebody_else_took_is_said_to_be_lost),
          ILV_TEST(a_plain_fork_is_its_own_main_process));
