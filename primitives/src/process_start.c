/* SPDX-License-Identifier: MIT */
/*
 * process_start.c: fork, exec, and daemons that end with their parent.
 *
 * A daemon asks the kernel for SIGKILL at its parent's death (PR_SET_PDEATHSIG). That has two
 * traps:
 *
 * 1. "Parent" is the thread that forked. Daemons are therefore forked by a thread of our own, the
 *    launcher, that is made with the first daemon and never ends before the process.
 * 2. A parent that dies between fork and prctl() sends nothing. The child looks after prctl()
 *    whether its parent is still the one that forked it, and ends if not; numbers cannot deceive
 *    it, as an orphan's new parent is older than the fork.
 *
 * The starter and the launcher speak through one request and the word `turn`. Who stored a state
 * owns the request until the next:
 *
 *     IDLE -> TAKEN (starter) -> ASKED (starter) -> ANSWERED (launcher) -> IDLE (starter)
 *
 * A program's exec reports its failure through a pipe that exec closes. No other child of ours may
 * be forked while its writing end is open here, or the report's end would wait for that child: the
 * lock `forking` is held from the pipe to the fork. It and turn are words, no mutexes, as a child
 * that is forked meanwhile by another thread must put them back.
 */
#include "process_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"
#include "watch.h"

enum { IDLE, TAKEN, ASKED, ANSWERED };

static uint32_t forking; /* 1: somebody does */
static uint32_t forking_reach = ILV__PRIVATE;

static uint32_t turn;
static uint32_t turn_reach = ILV__PRIVATE;
static bool launcher_runs; /* the request */
static struct ilv_process *asked_process;
static sigset_t asked_mask;
static int answer;

/* What a child must know of its parent. */
struct origin {
    pid_t parent;
    int parent_watch;
    struct ilv__watch watch;
    int report; /* of exec; -1 for a function */
    const sigset_t *mask;
};

void ilv__process_forget_launcher(void)
{
    launcher_runs = false;
    __atomic_store_n(&turn, IDLE, __ATOMIC_RELAXED);
    __atomic_store_n(&forking, 0, __ATOMIC_RELAXED);
}

/* In the child. */

static void die_with(pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent) {
        _exit(128 + SIGKILL);
    }
}

_Noreturn static void run_program(const struct ilv_process *process, int report)
{
    char *const *environment = process->environment ? process->environment : environ;
    (void)execvpe(process->program, process->arguments, environment);
    int error = errno;
    ssize_t told = write(report, &error, sizeof error);
    _exit(told == (ssize_t)sizeof error ? 127 : 126);
}

_Noreturn static void run_function(struct ilv_process *process, const struct origin *origin)
{
    ilv__process_become(process, origin->parent, origin->parent_watch);
    int code = process->function(process->argument);
    ilv__process_at_exit();
    (void)fflush(stdout);
    (void)fflush(stderr);
    _exit(code & 0xff);
}

_Noreturn static void run(struct ilv_process *process, const struct origin *origin)
{
    if (process->daemon) {
        die_with(origin->parent);
    }
    (void)pthread_sigmask(SIG_SETMASK, origin->mask, NULL);
    ilv__watch_hold(&origin->watch);
    if (process->program) {
        run_program(process, origin->report);
    }
    run_function(process, origin);
}

/* In the parent. */

/* The child is ours and unknown to anybody: end it as if it had never been. */
static void discard(pid_t child)
{
    siginfo_t info;
    (void)kill(child, SIGKILL);
    (void)waitid(P_PID, (id_t)child, &info, WEXITED);
}

/* 0 if exec was successful, else its error. */
static int read_report(int report)
{
    int error = 0;
    ssize_t got;
    do {
        got = read(report, &error, sizeof error);
    } while (got < 0 && errno == EINTR);
    (void)close(report);
    return got == (ssize_t)sizeof error ? error : 0;
}

static void begin_forking(void)
{
    while (__atomic_exchange_n(&forking, 1, __ATOMIC_ACQUIRE) != 0) {
        (void)ilv__park(&forking, 1, NULL, &forking_reach);
    }
}

static void end_forking(void)
{
    __atomic_store_n(&forking, 0, __ATOMIC_RELEASE);
    (void)ilv__wake(&forking, ILV__ALL);
}

/* Forks with the lock held; the parent's side of the report pipe is all that is left open. */
static int fork_child(struct ilv_process *process, struct origin *origin, pid_t *child)
{
    int ends[2] = {-1, -1};
    begin_forking();
    int error = ilv__watch_open(&origin->watch, process->program != NULL);
    error = !error && process->program && pipe2(ends, O_CLOEXEC) != 0 ? errno : error;
    if (error == 0) {
        origin->report = ends[1];
        *child = fork();
        if (*child == 0) {
            run(process, origin);
        }
        error = *child < 0 ? errno : 0;
    }
    if (ends[1] >= 0) {
        (void)close(ends[1]);
    }
    origin->report = ends[0];
    if (error) {
        ilv__watch_abandon(&origin->watch);
        return error;
    }
    return ilv__watch_child(&origin->watch, *child, &process->pidfd);
}

/* The child runs; it stays only if it can be watched and its program could be executed. */
static int keep_child(struct ilv_process *process, pid_t child, int error, int report)
{
    if (report >= 0) {
        int failed = read_report(report);
        error = error ? error : failed;
    }
    if (error && child > 0) {
        discard(child);
    }
    if (error && process->pidfd >= 0) {
        (void)close(process->pidfd);
        process->pidfd = -1;
    }
    process->pid = error ? 0 : child;
    return error;
}

static int fork_watched(struct ilv_process *process, const sigset_t *mask)
{
    pid_t child = 0;
    struct origin origin = {
        .parent = getpid(), .parent_watch = ilv__watch_self(), .report = -1, .mask = mask};
    if (origin.parent_watch < 0) {
        return errno;
    }
    int error = fork_child(process, &origin, &child);
    end_forking();
    return keep_child(process, child, error, origin.report);
}

/* The launcher. */

static void await_turn(uint32_t wanted)
{
    uint32_t seen;
    while ((seen = __atomic_load_n(&turn, __ATOMIC_ACQUIRE)) != wanted) {
        (void)ilv__park(&turn, seen, NULL, &turn_reach);
    }
}

static void give_turn(uint32_t to)
{
    __atomic_store_n(&turn, to, __ATOMIC_RELEASE);
    (void)ilv__wake(&turn, ILV__ALL);
}

static void *launch_for_ever(void *unused)
{
    (void)unused;
    for (;;) {
        await_turn(ASKED);
        answer = fork_watched(asked_process, &asked_mask);
        give_turn(ANSWERED);
    }
    return NULL;
}

static int start_launcher(void)
{
    sigset_t all;
    sigset_t before;
    pthread_t thread;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&thread, NULL, launch_for_ever, NULL);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error == 0) {
        (void)pthread_detach(thread);
        launcher_runs = true;
    }
    return error;
}

/* Makes the request one's own. */
static void take_turn(void)
{
    for (;;) {
        uint32_t seen = IDLE;
        if (__atomic_compare_exchange_n(&turn, &seen, TAKEN, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED)) {
            return;
        }
        (void)ilv__park(&turn, seen, NULL, &turn_reach);
    }
}

static int launch_daemon(struct ilv_process *process, const sigset_t *mask)
{
    take_turn();
    int error = launcher_runs ? 0 : start_launcher();
    if (error == 0) {
        asked_process = process;
        asked_mask = *mask;
        give_turn(ASKED);
        await_turn(ANSWERED);
        error = answer;
    }
    give_turn(IDLE);
    return error;
}

int ilv__process_launch(struct ilv_process *process)
{
    sigset_t mask;
    (void)pthread_sigmask(SIG_SETMASK, NULL, &mask);
    (void)fflush(stdout);
    (void)fflush(stderr);
    return process->daemon ? launch_daemon(process, &mask) : fork_watched(process, &mask);
}
