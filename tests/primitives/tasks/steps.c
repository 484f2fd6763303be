/* SPDX-License-Identifier: MIT */
#include "steps.h"

#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ilv_test.h"

static void (*prepare)(void);

void prepare_by(void (*function)(void))
{
    prepare = function;
}

static void check_tracing(void)
{
    const char *preloaded = getenv("LD_PRELOAD");
    if (preloaded && strstr(preloaded, "vgpreload")) {
        ilv_test_skip("valgrind cannot be traced");
    }
}

static pid_t start_traced(void (*operation)(void *argument), void *argument)
{
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) {
            _exit(1);
        }
        if (prepare) {
            prepare();
        }
        (void)raise(SIGSTOP);
        operation(argument);
        (void)raise(SIGSTOP);
        _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) {
        ilv_test_skip("no ptrace here");
    }
    return child;
}

/* Steps at most k instructions; how many were made until the child stopped itself. */
static unsigned long step(pid_t child, unsigned long k)
{
    unsigned long made = 0;
    int status = 0;
    while (made < k && ptrace(PTRACE_SINGLESTEP, child, 0, 0) == 0 &&
           waitpid(child, &status, 0) == child && WIFSTOPPED(status) &&
           WSTOPSIG(status) == SIGTRAP) {
        made++;
    }
    return made;
}

static void end(pid_t child)
{
    int status;
    (void)kill(child, SIGKILL);
    while (waitpid(child, &status, 0) == child && !WIFSIGNALED(status) && !WIFEXITED(status)) {
    }
}

bool kill_after(unsigned long k, void (*operation)(void *argument), void *argument)
{
    check_tracing();
    pid_t child = start_traced(operation, argument);
    bool over = step(child, k) < k;
    end(child);
    return over;
}

unsigned long count_steps(void (*operation)(void *argument), void *argument)
{
    check_tracing();
    pid_t child = start_traced(operation, argument);
    unsigned long steps = step(child, ULONG_MAX);
    end(child);
    return steps;
}

unsigned long stride_of(unsigned long steps, unsigned long most)
{
    return steps / most + 1;
}

static bool sleeps(pid_t pid)
{
    char path[64];
    char text[256] = "";
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file) {
        return true;
    }
    size_t got = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    text[got] = 0;
    const char *name_end = strrchr(text, ')');
    return name_end && name_end[1] && (name_end[2] == 'S' || name_end[2] == 'Z');
}

void await_sleeping(pid_t pid)
{
    for (int seen = 0; seen < 5;) {
        seen = sleeps(pid) ? seen + 1 : 0;
        (void)sched_yield();
    }
}
