/* SPDX-License-Identifier: MIT */
/*
 * pool.h: workers, threads or processes, that call functions for others.
 *
 *     static int square(const void *argument, void *result)
 *     {
 *         double x = *(const double *)argument;
 *         *(double *)result = x * x;
 *         return 0;
 *     }
 *
 *     const struct ilv_pool_options options = {.kind = ILV_POOL_PROCESSES};
 *     struct ilv_pool *pool;
 *     ilv_pool_new(&pool, &options);
 *     const struct ilv_call map = {.function = square, .argument = in, .argument_size = sizeof *in,
 *                                  .result_size = sizeof *out};
 *     ilv_pool_map(pool, &map, 1000, 0, out);
 *     ilv_pool_close(pool);
 *     ilv_pool_join(pool);
 *     ilv_pool_free(pool);
 *
 * Arguments and results are copied, between processes through shared memory, so they may hold
 * no pointers to what the parent made after the workers were started. A function returns 0 or an
 * error number, which is the outcome of the call.
 *
 * Outcomes beside the function's own: EOWNERDEAD: the worker was killed, or left by exit() or
 * pthread_exit(), while it had this task. ECANCELED: cancelled, or the pool terminated.
 *
 * Deaths. Which worker has which task stands in memory that all share, and is written by one store.
 * When a worker process dies, however, its own task fails with EOWNERDEAD, no other is touched, and
 * another worker takes its place. Worker processes are daemons: they end with the parent. A
 * pool belongs to the process that made it: EPERM for others, and for a daemon that wants one of
 * processes.
 *
 * Callbacks run in the parent, one at a time, in a thread of the pool, which debuggers see as
 * Keeper; workers are Worker-1, Worker-2, ... A callback may submit tasks, but not wait: EDEADLK.
 *
 * Functions return 0 or an error number; EINVAL stands for a null or senseless argument. Deadlines
 * are absolute, CLOCK_MONOTONIC; NULL is for ever. What happened before a submit is seen by the
 * task, and what the task did (in shared memory) by who learnt its outcome.
 */
#ifndef ILV_POOL_H
#define ILV_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ilv_pool;
struct ilv_future;
struct ilv_results;

enum ilv_pool_kind { ILV_POOL_THREADS, ILV_POOL_PROCESSES };

/* All zero: threads, as many as processors. */
struct ilv_pool_options {
    enum ilv_pool_kind kind;
    unsigned workers;          /* 0: as many as processors; to 1024 */
    unsigned tasks;            /* most that wait or run at once; 0: 1024; to 65536 */
    unsigned tasks_per_worker; /* after so many it is replaced by a new one; 0: never */
    size_t room; /* bytes for the arguments, and for the results, of a task; 0: 2048 */
    int (*initialise)(void *context); /* in each worker first; an error breaks the pool */
    void *context;
};

typedef int ilv_pool_function(const void *argument, void *result);

/* Called with the outcome; the result, of result_size bytes, is valid during the call. */
typedef void ilv_pool_callback(int error, const void *result, void *context);

struct ilv_call {
    ilv_pool_function *function;
    const void *argument; /* may be NULL if argument_size is 0 */
    size_t argument_size;
    size_t result_size;
    ilv_pool_callback *callback; /* may be NULL; for ilv_pool_submit() only */
    void *context;
};

/* ENOMEM, EAGAIN, EMFILE, EPERM: as a start of threads or processes; nothing is left then. */
int ilv_pool_new(struct ilv_pool **out, const struct ilv_pool_options *options);

/*
 * Has a worker call it. With a future (may be NULL), which is to be freed, the outcome can be
 * waited for.
 *
 * E2BIG: more than the room. EPIPE: closed. EPERM: another process's pool. ENOMEM. The error of the
 * initialiser if that failed. May block while all tasks wait or run; try: EAGAIN.
 */
int ilv_pool_submit(struct ilv_pool *pool, const struct ilv_call *call, struct ilv_future **future);
int ilv_pool_try_submit(struct ilv_pool *pool, const struct ilv_call *call,
                        struct ilv_future **future);

/* Submits, waits, copies the result: the outcome, or an error as above. */
int ilv_pool_apply(struct ilv_pool *pool, const struct ilv_call *call, void *result);

/*
 * Calls the function for each of count arguments, which stand one after the other, and stores the
 * results one after the other. A worker gets `chunk` at a time (0: a good number; never more than
 * the room holds). Gives the outcome of the first call, in their order, that failed; all were made,
 * save those whose chunk's worker died.
 */
int ilv_pool_map(struct ilv_pool *pool, const struct ilv_call *call, size_t count, size_t chunk,
                 void *results);

/* The same for a function of several arguments, each from an array of its own. At most 8. */
struct ilv_column {
    const void *arguments;
    size_t size;
};
typedef int ilv_pool_star(const void *const arguments[], void *result);
int ilv_pool_starmap(struct ilv_pool *pool, ilv_pool_star *function,
                     const struct ilv_column *columns, size_t column_count, size_t count,
                     size_t chunk, void *results, size_t result_size);

/*
 * map one result at a time: in the order of the arguments, or as they come. The arguments stay
 * valid until the results are freed; they are submitted as results are fetched.
 *
 * Next: the result, which of the calls it is, and the outcome of that call. ENODATA: that was all.
 * ETIMEDOUT; EDEADLK; errors as submit. One thread at a time.
 */
int ilv_pool_imap(struct ilv_pool *pool, const struct ilv_call *call, size_t count, size_t chunk,
                  bool ordered, struct ilv_results **results);
int ilv_results_next(struct ilv_results *results, void *result, size_t *index, int *error,
                     const struct timespec *deadline);
void ilv_results_free(struct ilv_results *results);

/*
 * Close: no more tasks; those submitted are done, then the workers leave. Terminate: those that
 * wait are cancelled, worker processes are killed, and their tasks cancelled too; threads finish
 * what they do. Join: waits for the workers' end; EBUSY: not closed; EDEADLK: in a callback;
 * ETIMEDOUT.
 */
int ilv_pool_close(struct ilv_pool *pool);
int ilv_pool_terminate(struct ilv_pool *pool);
int ilv_pool_join(struct ilv_pool *pool);
int ilv_pool_join_until(struct ilv_pool *pool, const struct timespec *deadline);

/* EBUSY: not joined. Futures stay valid. NULL is 0. */
int ilv_pool_free(struct ilv_pool *pool);

/* How many workers there are, and the process of one (0: a thread, or none at this moment). */
unsigned ilv_pool_workers(struct ilv_pool *pool);
int ilv_pool_worker_pid(struct ilv_pool *pool, unsigned worker);

/* Waits until the outcome is known: 0; ETIMEDOUT; EDEADLK: in a callback. */
int ilv_future_wait(struct ilv_future *future);
int ilv_future_wait_until(struct ilv_future *future, const struct timespec *deadline);
bool ilv_future_done(struct ilv_future *future);

/* For any of several, giving its index; for all. EINVAL if there are none. */
int ilv_future_wait_any(struct ilv_future *const futures[], size_t count, size_t *index,
                        const struct timespec *deadline);
int ilv_future_wait_all(struct ilv_future *const futures[], size_t count,
                        const struct timespec *deadline);

/* The outcome, and the result copied if it is 0 and the place not NULL. EBUSY: not known yet. */
int ilv_future_outcome(struct ilv_future *future, void *result);

/* It will not run, and its outcome is ECANCELED. EBUSY: it runs or has run. */
int ilv_future_cancel(struct ilv_future *future);

void ilv_future_free(struct ilv_future *future);

#ifdef __cplusplus
}
#endif

#endif
