/* SPDX-License-Identifier: MIT */
/*
 * What the machine allows is tried, never looked up: containers refuse what kernels have. Each
 * trial that changes the process is made in a child.
 */
#include <errno.h>
#include <gnu/libc-version.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#endif
#define HWCAP2_FSGSBASE_BIT 2ul

static const char doc[] =
    "Tells what this machine allows, and with CMD what the sandbox makes of it.\v"
    "Exit status: 0, or 3 if CMD has something that is not modelled.";

/* --- trials: 0 for yes, else errno */

static int try_dispatch(void)
{
    return prctl(PR_SET_SYSCALL_USER_DISPATCH, 0, 0, 0, 0) ? errno : 0;
}

static int try_seccomp(void)
{
    unsigned action = SECCOMP_RET_TRAP;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) ? errno : 0;
}

static int try_fsgsbase(void)
{
    return getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE_BIT ? 0 : ENOTSUP;
}

static int try_personality(void)
{
    int now = personality(0xffffffff);
    if (now < 0)
        return errno;
    return personality((unsigned long)now | ADDR_NO_RANDOMIZE) < 0 ? errno : 0;
}

static int close_trial(long fd)
{
    int failed = fd < 0 ? errno : 0;
    if (fd >= 0)
        close((int)fd);
    return failed;
}

static int try_userfaultfd(void)
{
#ifdef UFFD_USER_MODE_ONLY
    return close_trial(syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY));
#else
    return close_trial(syscall(SYS_userfaultfd, 0));
#endif
}

static int try_perf(void)
{
    struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
                                   .size = sizeof attr,
                                   .config = PERF_COUNT_SW_TASK_CLOCK,
                                   .exclude_kernel = 1};
    return close_trial(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
}

static int try_ptrace(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) ? errno : 0;
}

static const struct trial {
    const char *name;
    int (*attempt)(void);
    const char *use;
    const char *without;
} trials[] = {
    {"system-call user dispatch", try_dispatch, "catches system calls that pass no function",
     "the seccomp trap is used"},
    {"seccomp with SIGSYS", try_seccomp, "the same where dispatch is missing",
     "calls that pass no function are not seen"},
    {"FSGSBASE instructions", try_fsgsbase, "fast switches between fibers",
     "each switch is a system call"},
    {"addresses not randomised", try_personality, "equal addresses in all runs",
     "addresses differ between runs; results do not"},
    {"userfaultfd", try_userfaultfd, "snapshots (later)", "runs begin by fork"},
    {"perf_event_open", try_perf, "not needed", "nothing is lost"},
    {"ptrace", try_ptrace, "replay --gdb", "no debugger on replays"},
};

/* In a child, so that nothing sticks. */
static int attempt(const struct trial *t)
{
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        _exit(t->attempt());
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return EPERM;
    return WEXITSTATUS(status);
}

static void tell_machine(void)
{
    struct utsname name;
    cpu_set_t allowed;
    int cpus = sched_getaffinity(0, sizeof allowed, &allowed) ? 0 : CPU_COUNT(&allowed);
    uname(&name);
    printf("machine\n");
    printf("  %-26s %s %s\n", "kernel", name.sysname, name.release);
    printf("  %-26s %s\n", "glibc", gnu_get_libc_version());
    printf("  %-26s %d (a worker each, hunt -j)\n", "CPUs", cpus);
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        int failed = attempt(&trials[i]);
        if (failed)
            printf("  %-26s no (%s): %s\n", trials[i].name, strerror(failed), trials[i].without);
        else
            printf("  %-26s yes: %s\n", trials[i].name, trials[i].use);
    }
    printf("  %-26s /proc shows real pids, times and CPUs to a program that reads it\n",
           "what leaks into runs");
}

static const char *backend_word(unsigned backend)
{
    static const char *const words[] = {"unknown", "fiber: all threads on one kernel thread",
                                        "baton: kernel threads that hand over"};
    return backend < sizeof words / sizeof *words ? words[backend] : words[0];
}

static const char *trap_word(unsigned trap)
{
    static const char *const words[] = {"unknown", "system-call user dispatch",
                                        "seccomp with SIGSYS", "off"};
    return trap < sizeof words / sizeof *words ? words[trap] : words[0];
}

static const char *sanitizer_word(unsigned sanitizer)
{
    static const char *const words[] = {
        "none", "ThreadSanitizer: what it reports is a finding; threads run by baton",
        "AddressSanitizer: what it reports is a finding; threads run by baton"};
    return sanitizer < sizeof words / sizeof *words ? words[sanitizer] : words[0];
}

static int tell_program(char *const *argv)
{
    struct ilv_world world;
    struct ilv_hunt hunt;
    struct ilv_hunt_result result;
    char error[1024], words[128];
    ilv_world_init(&world, argv);
    ilv__world_from_environment(&world);
    ilv_hunt_init(&hunt, &world);
    hunt.runs = 1;
    hunt.setup.interrupted = &ilv__interrupted;
    printf("\n%s\n", argv[0]);
    fflush(stdout);
    if (ilv_hunt(&hunt, &result, error, sizeof error))
        return ilv__complain(error);
    printf("  %-26s %s\n", "threads run as", backend_word(result.backend));
    printf("  %-26s %s\n", "sanitizer", sanitizer_word(result.sanitizer));
    printf("  %-26s %s\n", "trap", trap_word(result.trap));
    printf("  %-26s %s\n", "accesses to memory",
           result.instrumented ? "seen: built by interleave cc"
                               : "not seen: calls are points; interleave cc shows them");
    printf("  %-26s %u\n", "threads in a first run", result.tasks);
    if (result.end == ILV_HUNT_FOUND || result.end == ILV_HUNT_UNCONFIRMED)
        printf(
            "  %-26s %s\n", "found in it",
            ilv__finding_words(result.finding.verdict, result.finding.kind, words, sizeof words));
    printf("  %-26s %s\n", "not modelled",
           result.limited ? result.limited_text : "nothing was met");
    int status = result.limited ? ILV_EXIT_LIMIT : ILV_EXIT_CLEAN;
    ilv_hunt_free(&result);
    return status;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    char ***command = state->input;
    (void)value;
    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    *command = &state->argv[state->next - 1];
    state->next = state->argc;
    return 0;
}

int ilv__command_doctor(int argc, char **argv)
{
    static const struct argp argp = {NULL, parse, "[-- CMD [ARGS...]]", doc, NULL, NULL, NULL};
    char **command = NULL;
    argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &command);
    ilv__catch_interrupts();
    tell_machine();
    return command ? tell_program(command) : ILV_EXIT_CLEAN;
}
