/* SPDX-License-Identifier: MIT */
/*
 * process.h: processes that are started, named, waited for and ended.
 *
 * A process runs a function of this program (fork) or another program (spawn: fork and exec). Its
 * handle stays with the process that made it: only the parent joins, ends and frees it.
 *
 *     static int work(void *argument)
 *     {
 *         return argument ? 0 : 3;
 *     }
 *
 *     struct ilv_process *worker;
 *     int error = ilv_process_run(&worker, NULL, work, "now");
 *     if (error == 0) {
 *         int code;
 *         ilv_process_join(worker);
 *         ilv_process_exit_code(worker, &code);
 *         ilv_process_free(worker);
 *     }
 *
 * Life: created -> started -> ended -> joined. Functions return 0 or an error number, and set
 * nothing else; EINVAL stands for a null or senseless argument everywhere. All of them may be
 * called by several threads at once, save ilv_process_free().
 *
 * At exit. When a process leaves by exit() or by returning from its function, its daemons are asked
 * to end (SIGTERM), then every child that is no daemon is waited for, then daemons that are
 * still there are killed. _exit() and signals skip this; daemons end all the same, see there.
 *
 * Daemons. A daemon ends when its parent ends, however that happens: the kernel kills it, also
 * when the parent was killed by SIGKILL. It may not start processes of its own (EPERM), as nobody
 * would end them. A daemon that runs a program is bound in the same way unless the program is
 * set-user-id. The parent's threads may come and go: what counts is the process; a parent that
 * replaces itself by exec ends its daemons. The function of a daemon runs on a stack of its own, as
 * a thread's would: the thread-local variables of the starter are as in a new thread.
 *
 * Forking. A function sees the memory of its parent as it was at the start, and none of its other
 * threads. What the library itself holds is consistent in the child; a lock of the program that
 * another thread held stays held there: start such processes before the threads, or spawn.
 * The child leaves by _exit() once its function has returned and its standard streams are flushed;
 * handlers that the parent registered with atexit() run only if the function calls exit().
 *
 * Signals. The child has the signal mask of the starter and its handlers (fork) or default actions
 * (spawn). No call of this header depends on SIGCHLD. If the program ignores SIGCHLD, or waits for
 * children that are not its own to wait for, the exit code of a child may be lost: ECHILD.
 */
#ifndef ILV_PROCESS_H
#define ILV_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ilv_process;

/* What a process runs. The result, modulo 256, is its exit code. */
typedef int ilv_process_function(void *argument);

/* All zero, or NULL, is a fork named Process-<n> after the number of processes that its parent
 * has created, that is no daemon. A child's children are named Process-<n>:<m>. */
struct ilv_process_options {
    const char *name; /* copied; at most 63 bytes, else ENAMETOOLONG */
    bool daemon;
};

/*
 * Makes a process that does not run yet.
 *
 * EINVAL; ENOMEM; ENAMETOOLONG. Never blocks. The argument must be valid in the parent until
 * ilv_process_start() returned. For a program: path is searched as a shell does if it holds no
 * slash; arguments and environment end with NULL and stay valid until the start; environment NULL
 * stands for the one of the starter.
 */
int ilv_process_create(struct ilv_process **process, const struct ilv_process_options *options,
                       ilv_process_function *function, void *argument);
int ilv_process_create_program(struct ilv_process **process,
                               const struct ilv_process_options *options, const char *path,
                               char *const arguments[], char *const environment[]);

/*
 * Starts it. For a program: returns after exec, and gives its error (ENOENT, EACCES, ...) with the
 * process as it was before the start.
 *
 * EALREADY: started before. EPERM: the caller is a daemon. ECHILD: made by another process.
 * ESHUTDOWN: the caller is exiting. EAGAIN, ENOMEM, EMFILE, ENFILE as fork() and pipe(). Bounded.
 * What the caller wrote before is seen by the child. If the caller dies in it, the child runs or
 * does not; a daemon does not outlive it.
 */
int ilv_process_start(struct ilv_process *process);

/* Create and start in one; nothing is left if it fails. */
int ilv_process_run(struct ilv_process **process, const struct ilv_process_options *options,
                    ilv_process_function *function, void *argument);
int ilv_process_spawn(struct ilv_process **process, const struct ilv_process_options *options,
                      const char *path, char *const arguments[], char *const environment[]);

/*
 * Waits until it has ended; no zombie stays. Joining again succeeds at once. All that the process
 * wrote into shared memory is seen afterwards.
 *
 * ESRCH: not started. EDEADLK: the caller itself. ECHILD: made by another process, except that the
 * handle of ilv_process_parent() can be joined. Until: ETIMEDOUT at the deadline (absolute,
 * CLOCK_MONOTONIC; NULL: for ever); EINVAL for one that is no time. Try: EBUSY while it runs.
 */
int ilv_process_join(struct ilv_process *process);
int ilv_process_try_join(struct ilv_process *process);
int ilv_process_join_until(struct ilv_process *process, const struct timespec *deadline);

/*
 * Waits until one of several has ended, joins it and gives its index. Errors as
 * ilv_process_join_until(); EINVAL if count is 0 or above 1024.
 */
int ilv_process_join_any(struct ilv_process *const processes[], size_t count, size_t *index,
                         const struct timespec *deadline);

/* Started and not ended. False for what cannot be asked. Never blocks. */
bool ilv_process_alive(struct ilv_process *process);

/*
 * How it ended: 0 to 255 from exit, -n for signal n. EBUSY: still runs. ESRCH: not started. ECHILD:
 * made by another process, or somebody else took the code (see Signals). Never blocks.
 */
int ilv_process_exit_code(struct ilv_process *process, int *code);

/* SIGTERM, SIGKILL, any signal; never hits another process that got its number. ESRCH: not started
 * or ended already. ECHILD: made by another process. Never blocks. */
int ilv_process_terminate(struct ilv_process *process);
int ilv_process_kill(struct ilv_process *process);
int ilv_process_signal(struct ilv_process *process, int number);

/* Its number, or 0 before the start. It stays after the end, when it may belong to another. */
pid_t ilv_process_pid(const struct ilv_process *process);
const char *ilv_process_name(const struct ilv_process *process);
bool ilv_process_daemon(const struct ilv_process *process);

/* A descriptor that is readable from its end on, for poll(); it belongs to the handle. -1 before
 * the start. */
int ilv_process_descriptor(const struct ilv_process *process);

/* The caller; never NULL. In a program that was not started by ilv_process_start(), or was spawned,
 * its name is MainProcess. It can be asked for name, number and daemon. Not to be freed. */
struct ilv_process *ilv_process_current(void);

/* Who started the caller; NULL for MainProcess. It can be asked for name and number, whether it is
 * alive, and joined; its exit code is its own parent's: ECHILD. Not to be freed. */
struct ilv_process *ilv_process_parent(void);

/*
 * How many children of the caller run, and the first `room` of them in the order of their start.
 * Children that have ended are joined on the way. A handle stays valid until it is freed.
 */
size_t ilv_process_children(struct ilv_process **list, size_t room);

/* Frees the handle. EBUSY while the process runs: join it first. One that ended is joined. ECHILD:
 * made by another process; EINVAL for those of current and parent. NULL is 0. */
int ilv_process_free(struct ilv_process *process);

#ifdef __cplusplus
}
#endif

#endif
