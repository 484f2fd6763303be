/* SPDX-License-Identifier: MIT */
/*
 * Daemons and the end of processes. A process of interest is a grandchild of the test: `told`
 * brings its number, and `held` is a pipe whose writing end it keeps, so that its end is seen as
 * the end of the file, without any clock.
 */
#include <ilv/process.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../sanitizers.h"
#include "ilv_test.h"

static int told[2];
static int held[2];

/* Ends no test, but a process that it left behind. */
static void open_pipes(void)
{
    if (pipe2(told, O_CLOEXEC) != 0 || pipe2(held, O_CLOEXEC) != 0) {
        abort();
    }
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

static void tell(int value)
{
    if (write(told[1], &value, sizeof value) != (ssize_t)sizeof value) {
        abort();
    }
}

static int hear(void)
{
    int value = -1;
    return read(told[0], &value, sizeof value) == (ssize_t)sizeof value ? value : -1;
}

/* Returns once every process but the test has closed its copy of held. */
static void await_ends(void)
{
    char byte;
    (void)close(held[1]);
    ILV_CHECK_INT(read(held[0], &byte, 1), 0);
}

static bool someone_holds(void)
{
    struct pollfd look = {.fd = held[0], .events = POLLIN};
    return poll(&look, 1, 0) == 0;
}

static struct ilv_process *start(ilv_process_function *function, void *argument, bool daemon)
{
    struct ilv_process *process = NULL;
    const struct ilv_process_options options = {.daemon = daemon};
    if (ilv_process_run(&process, &options, function, argument) != 0) {
        abort();
    }
    return process;
}

static int stay(void *unused)
{
    (void)unused;
    tell(getpid());
    for (;;) {
        (void)pause();
    }
    return 0;
}

static int stay_in_spite_of_termination(void *unused)
{
    (void)signal(SIGTERM, SIG_IGN);
    return stay(unused);
}

enum how { RETURNS, EXITS, LEAVES, KILLED, EXECS };

/* A parent of a daemon that stays, which then ends in one of these ways. */
static int parent_that_ends(void *argument)
{
    static char name[] = "true";
    static char *const arguments[] = {name, NULL};
    (void)start(stay, NULL, true);
    int daemon = hear();
    switch (*(enum how *)argument) {
    case RETURNS:
        return daemon > 0 ? 0 : 1;
    case EXITS:
        exit(0);
    case LEAVES:
        _exit(0);
    case KILLED:
        return raise(SIGKILL);
    case EXECS:
        return execvp(name, arguments);
    }
    return 1;
}

static void daemon_ends_with(enum how how)
{
    open_pipes();
    struct ilv_process *parent = start(parent_that_ends, &how, false);
    int code = -1;
    ILV_CHECK_INT(ilv_process_join(parent), 0);
    ILV_CHECK_INT(ilv_process_exit_code(parent, &code), 0);
    ILV_CHECK_INT(code, how == KILLED ? -SIGKILL : 0);
    await_ends();
    ILV_CHECK_INT(ilv_process_free(parent), 0);
}

static void a_daemon_ends_when_its_parent_returns(void)
{
    daemon_ends_with(RETURNS);
}

static void a_daemon_ends_when_its_parent_exits(void)
{
    daemon_ends_with(EXITS);
}

static void a_daemon_ends_when_its_parent_leaves_by_underscore_exit(void)
{
    daemon_ends_with(LEAVES);
}

static void a_daemon_ends_when_its_parent_is_killed(void)
{
    daemon_ends_with(KILLED);
}

static void a_daemon_ends_when_its_parent_becomes_another_program(void)
{
    daemon_ends_with(EXECS);
}

static int daemon_of_stubborn(void *unused)
{
    (void)start(stay_in_spite_of_termination, unused, true);
    return hear() > 0 ? 0 : 1;
}

static void a_daemon_that_ignores_termination_is_killed_at_exit(void)
{
    open_pipes();
    struct ilv_process *parent = start(daemon_of_stubborn, NULL, false);
    ILV_CHECK_INT(ilv_process_join(parent), 0);
    await_ends();
    ILV_CHECK_INT(ilv_process_free(parent), 0);
}

/* The first trap: the thread that started the daemon ends. */

static void *start_daemon(void *unused)
{
    (void)unused;
    return start(stay, NULL, true);
}

static int start_daemon_by_a_thread(void *unused)
{
    pthread_t thread;
    void *daemon = NULL;
    (void)unused;
    if (pthread_create(&thread, NULL, start_daemon, NULL) || pthread_join(thread, &daemon)) {
        return 2;
    }
    (void)hear();
    struct timespec past = {0, 0};
    for (int i = 0; i < 20; i++) {
        struct ilv_process *other = start(stay, NULL, false);
        (void)hear();
        (void)ilv_process_kill(other);
        (void)ilv_process_join(other);
    }
    tell(ilv_process_alive(daemon) && ilv_process_join_until(daemon, &past) == ETIMEDOUT);
    return raise(SIGKILL);
}

static void a_daemon_outlives_the_thread_that_started_it_and_not_the_process(void)
{
    open_pipes();
    struct ilv_process *parent = start(start_daemon_by_a_thread, NULL, false);
    ILV_CHECK_INT(ilv_process_join(parent), 0);
    ILV_CHECK_INT(hear(), 1);
    await_ends();
    ILV_CHECK_INT(ilv_process_free(parent), 0);
}

/* The second trap: the parent dies between fork and prctl(). The test traces the parent, so that
 * the new process stops before its first instruction, kills the parent, and lets the other go
 * on. */

static int start_one_when_traced(void *unused)
{
    (void)unused;
    (void)ptrace(PTRACE_TRACEME, 0, 0, 0);
    (void)raise(SIGSTOP);
    (void)start(stay, NULL, true);
    for (;;) {
        (void)pause();
    }
    return 0;
}

static pid_t next_stop(pid_t *from, int *event)
{
    int status = 0;
    do {
        *from = waitpid(-1, &status, __WALL);
    } while (*from > 0 && !WIFSTOPPED(status));
    *event = status >> 16;
    return *from;
}

static bool is_thread_of(pid_t process, pid_t thread)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/task/%d", (int)process, (int)thread);
    return access(path, F_OK) == 0;
}

/* The daemon, stopped; its own stop may be told before the fork that made it. */
static pid_t stop_at_the_fork_of_a_daemon(pid_t parent)
{
    pid_t from;
    int event;
    const long options = PTRACE_O_TRACEFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEVFORK;
    while (next_stop(&from, &event) > 0) {
        if (from == parent && event == 0) {
            (void)ptrace(PTRACE_SETOPTIONS, parent, 0, options);
        }
        if (!is_thread_of(parent, from)) {
            return from;
        }
        if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK) {
            unsigned long made = 0;
            int status;
            (void)ptrace(PTRACE_GETEVENTMSG, from, 0, &made);
            return waitpid((pid_t)made, &status, __WALL);
        }
        (void)ptrace(PTRACE_CONT, from, 0, 0);
    }
    return -1;
}

static void a_daemon_whose_parent_dies_at_once_ends_too(void)
{
    const char *preloaded = getenv("LD_PRELOAD");
    if (preloaded && strstr(preloaded, "vgpreload")) {
        ilv_test_skip("valgrind cannot be traced");
    }
    open_pipes();
    pid_t parent = fork();
    if (parent == 0) {
        _exit(start_one_when_traced(NULL));
    }
    pid_t daemon = stop_at_the_fork_of_a_daemon(parent);
    if (daemon < 0) {
        ilv_test_skip("no ptrace here");
    }
    int status = 0;
    ILV_CHECK_INT(kill(parent, SIGKILL), 0);
    pid_t ended;
    do {
        ended = waitpid(-1, &status, __WALL);
    } while (ended > 0 && ended != parent);
    ILV_CHECK_INT(WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGKILL);
    ILV_CHECK(someone_holds());
    ILV_CHECK_INT(ptrace(PTRACE_DETACH, daemon, 0, 0), 0);
    await_ends();
    (void)close(told[1]);
    ILV_CHECK_INT(hear(), -1);
}

static int try_to_have_children(void *unused)
{
    struct ilv_process *child = NULL;
    (void)unused;
    int error = ilv_process_run(&child, NULL, stay, NULL);
    return error == EPERM && !child && ilv_process_daemon(ilv_process_current()) ? 0 : 1;
}

static void a_daemon_may_have_no_children(void)
{
    struct ilv_process *daemon = start(try_to_have_children, NULL, true);
    int code = -1;
    ILV_CHECK_INT(ilv_process_join(daemon), 0);
    ILV_CHECK_INT(ilv_process_exit_code(daemon, &code), 0);
    ILV_CHECK_INT(code, 0);
    ILV_CHECK_INT(ilv_process_free(daemon), 0);
}

static int spawn_a_daemon(void *unused)
{
    char shell[] = "sh";
    char option[] = "-c";
    char script[] = "echo up; exec cat";
    char *arguments[] = {shell, option, script, NULL};
    int input[2];
    struct ilv_process *daemon = NULL;
    const struct ilv_process_options options = {.daemon = true};
    (void)unused;
    if (pipe2(input, O_CLOEXEC) || dup2(input[0], 0) < 0 || dup2(held[1], 1) < 0) {
        return 1;
    }
    int error = ilv_process_spawn(&daemon, &options, "sh", arguments, NULL);
    tell(error);
    while (ilv_process_alive(daemon)) {
        (void)pause();
    }
    return 1;
}

static void a_program_as_a_daemon_ends_with_its_parent(void)
{
    open_pipes();
    char text[4] = "";
    struct ilv_process *parent = start(spawn_a_daemon, NULL, false);
    ILV_CHECK_INT(hear(), 0);
    ILV_CHECK_INT(read(held[0], text, 3), 3);
    ILV_CHECK_STR(text, "up\n");
    ILV_CHECK(someone_holds());
    ILV_CHECK_INT(ilv_process_kill(parent), 0);
    ILV_CHECK_INT(ilv_process_join(parent), 0);
    await_ends();
    ILV_CHECK_INT(ilv_process_free(parent), 0);
}

static int parent_of_a_stranger_to_the_launcher(void *unused)
{
    (void)unused;
    (void)start(stay, NULL, true);
    (void)hear();
    struct ilv_process *child = start(parent_that_ends, &(enum how){KILLED}, false);
    int code = 0;
    (void)ilv_process_join(child);
    (void)ilv_process_exit_code(child, &code);
    return code == -SIGKILL ? 0 : 1;
}

static void a_forked_child_may_start_daemons_though_its_parent_did(void)
{
    open_pipes();
    struct ilv_process *parent = start(parent_of_a_stranger_to_the_launcher, NULL, false);
    int code = -1;
    ILV_CHECK_INT(ilv_process_join(parent), 0);
    ILV_CHECK_INT(ilv_process_exit_code(parent, &code), 0);
    ILV_CHECK_INT(code, 0);
    await_ends();
    ILV_CHECK_INT(ilv_process_free(parent), 0);
}

/* At exit. */

static int finish_after_the_parent_began_to_exit(void *gate)
{
    char byte;
    (void)close(((int *)gate)[1]);
    (void)read(((int *)gate)[0], &byte, 1);
    tell(1);
    return 0;
}

/* Nobody frees these: the exit joins them. */
static struct ilv_process *volatile left[2];

static int exit_with_children(void *by_exit)
{
    static int gate[2];
    if (pipe2(gate, O_CLOEXEC) != 0) {
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        left[i] = start(finish_after_the_parent_began_to_exit, gate, false);
    }
    (void)close(gate[1]);
    if (by_exit) {
        exit(0);
    }
    return 0;
}

static void exit_waits_for_children(bool by_exit)
{
    open_pipes();
    struct ilv_process *parent = start(exit_with_children, by_exit ? told : NULL, false);
    ILV_CHECK_INT(ilv_process_join(parent), 0);
    await_ends();
    struct pollfd look = {.fd = told[0], .events = POLLIN};
    ILV_CHECK_INT(poll(&look, 1, 0), 1);
    ILV_CHECK_INT(hear(), 1);
    ILV_CHECK_INT(hear(), 1);
    ILV_CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
    ILV_CHECK_INT(ilv_process_free(parent), 0);
}

static void returning_waits_for_the_children(void)
{
    exit_waits_for_children(false);
}

static void exit_waits_for_the_children(void)
{
    exit_waits_for_children(true);
}

/* Output that the parent has not written yet is written once, what the child prints is written. */

static int print_child(void *unused)
{
    (void)unused;
    (void)printf("child;");
    return 0;
}

static int print_and_start(void *unused)
{
    (void)unused;
    (void)dup2(held[1], STDOUT_FILENO);
    (void)setvbuf(stdout, NULL, _IOFBF, 4096);
    (void)printf("parent;");
    (void)ilv_process_join(start(print_child, NULL, false));
    (void)printf("end");
    return 0;
}

static void standard_output_is_written_once(void)
{
    open_pipes();
    char text[64] = "";
    struct ilv_process *parent = start(print_and_start, NULL, false);
    ILV_CHECK_INT(ilv_process_join(parent), 0);
    ILV_CHECK_INT(read(held[0], text, sizeof text - 1), 16);
    ILV_CHECK_STR(text, "parent;child;end");
    ILV_CHECK_INT(ilv_process_free(parent), 0);
}

/* Forking while other threads hold what the library, the heap and stdio hold. */

static bool stop;

static void *be_busy(void *unused)
{
    (void)unused;
    relaxed_word(&stop, sizeof stop);
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        void *some = malloc(100);
        (void)fprintf(stderr, "%s", "");
        struct ilv_process *process = NULL;
        (void)ilv_process_create(&process, NULL, stay, NULL);
        (void)ilv_process_children(NULL, 0);
        (void)ilv_process_free(process);
        free(some);
    }
    return NULL;
}

static int use_everything(void *unused)
{
    void *some = malloc(1000);
    (void)unused;
    (void)fprintf(stderr, "%s", "");
    size_t count = ilv_process_children(NULL, 0);
    free(some);
    struct ilv_process *child = NULL;
    int error = ilv_process_create(&child, NULL, stay, NULL);
    return error == 0 && ilv_process_free(child) == 0 && count == 0 ? 0 : 1;
}

static void children_of_a_busy_program_find_no_lock_held(void)
{
    pthread_t threads[2];
    if (ON_ASAN) {
        ilv_test_skip("this AddressSanitizer's heap is not made whole in a forked child");
    }
    for (int i = 0; i < 2; i++) {
        ILV_CHECK_INT(pthread_create(&threads[i], NULL, be_busy, NULL), 0);
    }
    for (int i = 0; i < 20; i++) {
        struct ilv_process *process = start(use_everything, NULL, i % 2 == 0);
        int code = -1;
        ILV_CHECK_INT(ilv_process_join(process), 0);
        ILV_CHECK_INT(ilv_process_exit_code(process, &code), 0);
        ILV_CHECK_INT(code, 0);
        ILV_CHECK_INT(ilv_process_free(process), 0);
    }
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    for (int i = 0; i < 2; i++) {
        ILV_CHECK_INT(pthread_join(threads[i], NULL), 0);
    }
}

ILV_SUITE(process_end, ILV_TEST(a_daemon_ends_when_its_parent_returns),
          ILV_TEST(a_daemon_ends_when_its_parent_exits),
          ILV_TEST(a_daemon_ends_when_its_parent_leaves_by_underscore_exit),
          ILV_TEST(a_daemon_ends_when_its_parent_is_killed),
          ILV_TEST(a_daemon_ends_when_its_parent_becomes_another_program),
          ILV_TEST(a_daemon_that_ignores_termination_is_killed_at_exit),
          ILV_TEST(a_daemon_outlives_the_thread_that_started_it_and_not_the_process),
          ILV_TEST(a_daemon_whose_parent_dies_at_once_ends_too),
          ILV_TEST(a_daemon_may_have_no_children),
          ILV_TEST(a_program_as_a_daemon_ends_with_its_parent),
          ILV_TEST(a_forked_child_may_start_daemons_though_its_parent_did),
          ILV_TEST(returning_waits_for_the_children), ILV_TEST(exit_waits_for_the_children),
          ILV_TEST(standard_output_is_written_once),
          ILV_TEST(children_of_a_busy_program_find_no_lock_held));
