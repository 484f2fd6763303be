/* SPDX-License-Identifier: MIT */
/*
 * thread.h: threads that are started, named, waited for and counted.
 *
 * The verbs are those of process.h; what is different between a thread and a process is said here.
 *
 *     static int work(void *argument)
 *     {
 *         return argument ? 0 : 3;
 *     }
 *
 *     struct ilv_thread *worker;
 *     int error = ilv_thread_run(&worker, NULL, work, "now");
 *     if (error == 0) {
 *         int code;
 *         ilv_thread_join(worker);
 *         ilv_thread_exit_code(worker, &code);
 *         ilv_thread_free(worker);
 *     }
 *
 * Life: created -> started -> ended -> joined. Functions return 0 or an error number; EINVAL
 * stands for a null or senseless argument everywhere. All of them may be called by several threads
 * at once, save ilv_thread_free(). A thread ends when its function returns. One that leaves by
 * pthread_exit() or is cancelled ends as well, with the exit code 0.
 *
 * At exit. When the program leaves by exit() or by returning from main, it waits for the threads
 * that are no daemons. Daemons run on until the process is gone: they must not need what exit
 * handlers take down. _exit() and signals wait for nobody.
 *
 * Forking. The child of a fork has one thread. The handles that it inherits stay readable: the
 * thread that called fork is the current one, all others have ended, with the exit code 0.
 *
 * Death. A thread lives and dies with its process; nothing of it lies in shared memory.
 */
#ifndef ILV_THREAD_H
#define ILV_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ilv_thread;

/* What a thread runs. The result is its exit code. */
typedef int ilv_thread_function(void *argument);

/* All zero, or NULL, is a thread named Thread-<n> after the number of threads that were created,
 * that is no daemon, on a stack of the usual size. */
struct ilv_thread_options {
    const char *name; /* copied; at most 63 bytes, else ENAMETOOLONG; the kernel shows 15 */
    bool daemon;
    size_t stack_size; /* 0: as pthread_create(); too small for a thread: EINVAL */
};

/* Makes a thread that does not run yet. EINVAL; ENOMEM; ENAMETOOLONG. Never blocks. */
int ilv_thread_create(struct ilv_thread **thread, const struct ilv_thread_options *options,
                      ilv_thread_function *function, void *argument);

/* Starts it. EALREADY: started before. EAGAIN: no more threads; it is as it was before. What the
 * caller wrote before happens before the function. */
int ilv_thread_start(struct ilv_thread *thread);

/* Create and start in one; nothing is left if it fails. */
int ilv_thread_run(struct ilv_thread **thread, const struct ilv_thread_options *options,
                   ilv_thread_function *function, void *argument);

/*
 * Waits until it has ended. Joining again, also by several at once, succeeds. All that the thread
 * wrote happens before.
 *
 * ESRCH: not started. EDEADLK: the caller itself, or the main thread. Until: ETIMEDOUT at the
 * deadline; EINVAL for one that is no time. Try: EBUSY while it runs. Is no cancellation point.
 */
int ilv_thread_join(struct ilv_thread *thread);
int ilv_thread_try_join(struct ilv_thread *thread);
int ilv_thread_join_until(struct ilv_thread *thread, const struct timespec *deadline);

/* Started and its function not over. Never blocks. */
bool ilv_thread_alive(const struct ilv_thread *thread);

/* What its function gave. EBUSY: still runs. ESRCH: not started. Never blocks. */
int ilv_thread_exit_code(const struct ilv_thread *thread, int *code);

/* The kernel's number of it, or 0 before the start; after the end it may belong to another. It is
 * known when start returns. */
pid_t ilv_thread_ident(const struct ilv_thread *thread);
const char *ilv_thread_name(const struct ilv_thread *thread);
bool ilv_thread_daemon(const struct ilv_thread *thread);

/* The caller. The thread that runs main is MainThread, which cannot be joined or freed. NULL for
 * a thread that this library did not start. */
struct ilv_thread *ilv_thread_current(void);

/* How many threads of the library are alive, MainThread among them, and the first `room` of them in
 * the order of their start. A handle stays valid until its owner frees it. */
size_t ilv_thread_enumerate(struct ilv_thread **threads, size_t room);
size_t ilv_thread_count(void);

/* Frees the handle. EBUSY while the thread runs: join it first. One that ended is joined. EINVAL
 * for MainThread. NULL is 0. */
int ilv_thread_free(struct ilv_thread *thread);

#ifdef __cplusplus
}
#endif

#endif
