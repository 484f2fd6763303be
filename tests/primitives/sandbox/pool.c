/* SPDX-License-Identifier: MIT */
/* A pool of two threads and two slots: calls, waits of every kind, a cancelled call, the end. */
/* fault 1: the result is read though nobody waited for it */
/* finds 1: exit-status */
/* fault 2: two tasks wait for each other's start in one worker */
/* finds 2: deadlock (channel) */
#include <errno.h>
#include <ilv/event.h>
#include <ilv/pool.h>
#include <sched.h>

#include "threads.h"

enum { CALLS = 4 };

static struct ilv_event begun;
static struct ilv_pool *pool;
static int called;

static int square(const void *argument, void *result)
{
    const int *number = argument;
    int *answer = result;
    *answer = *number * *number;
    return 0;
}

static int begin(const void *argument, void *result)
{
    (void)argument;
    (void)result;
    return ilv_event_set(&begun);
}

static int await_begin(const void *argument, void *result)
{
    (void)argument;
    (void)result;
    return ilv_event_wait(&begun);
}

/* The worker ends with it, and another comes. */
static int leave(const void *argument, void *result)
{
    (void)argument;
    (void)result;
    pthread_exit(NULL);
}

static void count(int error, const void *result, void *context)
{
    (void)result;
    int *counted = context;
    *counted += error == 0;
}

static struct ilv_future *submit(ilv_pool_function *function, const int *number)
{
    struct ilv_future *future = NULL;
    const struct ilv_call call = {.function = function,
                                  .argument = number,
                                  .argument_size = number != NULL ? sizeof *number : 0,
                                  .result_size = sizeof(int),
                                  .callback = count,
                                  .context = &called};
    must(ilv_pool_submit(pool, &call, &future));
    return future;
}

static void call_all(void)
{
    struct ilv_future *futures[CALLS];
    size_t first = CALLS;
    for (int i = 0; i < CALLS; i++)
        futures[i] = submit(square, &i);
    if (fault != 1)
        must(ilv_future_wait_any(futures, CALLS, &first, NULL));
    for (int i = 0; i < CALLS; i++) {
        int answer = -1;
        if (fault != 1)
            must(ilv_future_wait(futures[i]));
        must(ilv_future_outcome(futures[i], &answer));
        holds(answer == i * i);
        ilv_future_free(futures[i]);
    }
    holds(first < CALLS);
}

/* Two tasks of which one waits for the other, which is submitted later. */
static void meet(void)
{
    size_t first = 1;
    struct ilv_future *waits = submit(await_begin, NULL);
    struct ilv_future *sets = submit(begin, NULL);
    must(ilv_future_wait_any(&waits, 1, &first, NULL));
    must(ilv_future_wait(sets));
    ilv_future_free(waits);
    ilv_future_free(sets);
}

/* Either it is cancelled or it has run. */
static void cancel(void)
{
    const int number = 3;
    int answer = 0;
    struct ilv_future *future = submit(square, &number);
    int cancelled = ilv_future_cancel(future);
    must(ilv_future_wait(future));
    int outcome = ilv_future_outcome(future, &answer);
    holds(cancelled == 0 ? outcome == ECANCELED : outcome == 0 && answer == 9);
    ilv_future_free(future);
}

static void *close_it(void *argument)
{
    must(ilv_pool_close(argument));
    return NULL;
}

/* What is submitted runs or is cancelled when the pool is terminated. */
static void terminate(const struct ilv_pool_options *options)
{
    must(ilv_pool_new(&pool, options));
    const int number = 5;
    struct ilv_future *future = submit(square, &number);
    must(ilv_pool_terminate(pool));
    must(ilv_future_wait(future));
    int outcome = ilv_future_outcome(future, NULL);
    holds(outcome == 0 || outcome == ECANCELED);
    ilv_future_free(future);
    must(ilv_pool_join(pool));
    must(ilv_pool_free(pool));
}

int main(void)
{
    const struct ilv_pool_options options = {
        .kind = ILV_POOL_THREADS, .workers = fault == 2 ? 1 : 2, .tasks = 2, .room = 64};
    must(ilv_pool_new(&pool, &options));
    call_all();
    meet();
    cancel();
    struct ilv_future *left = submit(leave, NULL);
    pthread_t closer = thread(close_it, pool);
    int error;
    while ((error = ilv_pool_join(pool)) == EBUSY)
        sched_yield();
    must(error);
    holds(ilv_future_outcome(left, NULL) == EOWNERDEAD);
    ilv_future_free(left);
    holds(called >= CALLS + 2);
    join(closer);
    must(ilv_pool_free(pool));
    terminate(&options);
}
