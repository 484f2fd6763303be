/* SPDX-License-Identifier: MIT */
/*
 * loop.h: tasks that wait for each other, for times and for descriptors, in one thread.
 *
 *     static int tick(void *argument)
 *     {
 *         for (int i = 0; i < 3; i++) {
 *             if (ilv_task_sleep(ILV_SECOND) != 0)
 *                 return ECANCELED;
 *             puts(argument);
 *         }
 *         return 0;
 *     }
 *
 *     struct ilv_loop *loop;
 *     ilv_loop_new(&loop);
 *     ilv_loop_spawn(loop, NULL, NULL, tick, "one");
 *     ilv_loop_spawn(loop, NULL, NULL, tick, "two");
 *     ilv_loop_run(loop);
 *     ilv_loop_free(loop);
 *
 * A task is a coroutine that the loop resumes when what it waits for has come. Tasks change only
 * where one waits: between two waits nobody interferes. Over a wait everything may have changed:
 * who checks, waits, and acts has a race in a single thread too; task_mutex.h keeps others out.
 *
 * Order. It is always the same for the same events. Tasks that are ready run one after the other,
 * in the order in which they became so. Those that run are done first; then the loop looks once,
 * and those become ready whose descriptors are, in the order of their asking, and after them those
 * whose time has come: by the time that they asked for, and at the same time in the order of their
 * asking. Who has ended readies those that join it in the order of their asking. A new task is
 * ready.
 *
 * Idle, the loop blocks in one ppoll() until the first time or descriptor. Whatever else blocks (an
 * ilv_mutex, a read, a join of a thread) blocks all tasks of the thread: wait for a descriptor
 * first, and be told by other threads through a pipe or an eventfd. To a mutex all tasks of a
 * thread are one.
 *
 * In a task its coroutines may be resumed as anywhere, and may wait in its name. The task itself
 * neither yields nor switches nor is it sent to: EPERM.
 *
 * Cancelling. A task that is cancelled finds ECANCELED in the wait in which it is, or its next one,
 * and in all that follow; it is to clean up and return. A call that need not wait, and a wait for
 * which all had come before, succeed all the same.
 *
 * Threads. A thread has one loop at a time, and only that thread uses it and its tasks: EPERM for
 * others; what has ended may be asked and freed by all. It frees the loop before it ends. Forking:
 * the child has a copy that goes on as in the parent, with the same descriptors, also when forked
 * in a task; who wants to leave it there calls _exit(). Death: a loop dies with its process.
 *
 * Functions return 0 or an error number; EINVAL stands for a null or senseless argument. Deadlines
 * are absolute, CLOCK_MONOTONIC; NULL is for ever.
 */
#ifndef ILV_LOOP_H
#define ILV_LOOP_H

#include <ilv/coroutine.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ilv_loop;
struct ilv_task;

/* What a task runs. The result, 0 or an error number for instance, is its outcome. */
typedef int ilv_task_function(void *argument);

/* EBUSY: the calling thread has a loop. ENOMEM. */
int ilv_loop_new(struct ilv_loop **loop);

/* Cancels all tasks, runs each to its end without blocking, and frees the loop. New tasks are
 * refused meanwhile. EBUSY: it runs. EPERM. NULL is 0. */
int ilv_loop_free(struct ilv_loop *loop);

/* The calling thread's; NULL if it has none. */
struct ilv_loop *ilv_loop_current(void);

/*
 * Makes a task that is ready, on a stack as of coroutine.h. Its handle (may be NULL: nobody asks
 * for it) is to be freed. Never blocks. ENOMEM, EAGAIN: as ilv_coroutine_create(). ECANCELED: the
 * loop is being freed. EPERM.
 */
int ilv_loop_spawn(struct ilv_loop *loop, struct ilv_task **task,
                   const struct ilv_coroutine_options *options, ilv_task_function *function,
                   void *argument);

/*
 * Runs tasks until all have ended.
 *
 * EDEADLK: some have not, and nothing that they wait for can come: no time and no descriptor.
 * ETIMEDOUT: at the deadline; what is ready runs once in any case. In both cases the tasks are as
 * they were, may be cancelled, and the loop may be run again. EBUSY: it runs. EPERM. ENOMEM, or
 * EINVAL if more tasks wait for descriptors than the process may open: ppoll() refused.
 */
int ilv_loop_run(struct ilv_loop *loop);
int ilv_loop_run_until(struct ilv_loop *loop, const struct timespec *deadline);

/*
 * Waits, for tasks only: EPERM if the caller is in none. All give ECANCELED as above.
 *
 * pass lets those run that are ready. sleep: EINVAL for less than no time. One that sleeps for ever
 * is woken by being cancelled.
 */
int ilv_task_pass(void);
int ilv_task_sleep(int64_t nanoseconds);
int ilv_task_sleep_until(const struct timespec *deadline);

/*
 * Wait until a read, or a write, would not block (at the end of a file and after an error it does
 * not): 0 on regular files at once. ETIMEDOUT. EBADF: it is not open, or was closed meanwhile.
 * Several may wait for one, and all are woken: who comes second may find nothing left.
 */
int ilv_task_readable(int fd, const struct timespec *deadline);
int ilv_task_writable(int fd, const struct timespec *deadline);

/*
 * Waits until a task has ended, and tells its outcome (may be NULL). EDEADLK: itself. ETIMEDOUT.
 * Two that join each other wait until the loop says EDEADLK. One that has ended may be joined
 * anywhere.
 */
int ilv_task_join(struct ilv_task *task, int *outcome);
int ilv_task_join_until(struct ilv_task *task, int *outcome, const struct timespec *deadline);

/* Waits until all have ended, and stores their outcomes (may be NULL) in the order of the tasks.
 * Errors as of join; then no outcome has been stored. */
int ilv_task_gather(struct ilv_task *const tasks[], size_t count, int outcomes[],
                    const struct timespec *deadline);

/* See above. One that has not begun never will: its outcome is ECANCELED. May be oneself. EALREADY:
 * it has ended. EPERM. */
int ilv_task_cancel(struct ilv_task *task);

/* EBUSY: it has not ended. */
int ilv_task_outcome(const struct ilv_task *task, int *outcome);
bool ilv_task_ended(const struct ilv_task *task);

/* The task in which the caller is; NULL: none. */
struct ilv_task *ilv_task_current(void);

/* EBUSY: it has not ended. NULL is 0. */
int ilv_task_free(struct ilv_task *task);

#ifdef __cplusplus
}
#endif

#endif
