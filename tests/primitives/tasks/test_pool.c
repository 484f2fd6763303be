/* SPDX-License-Identifier: MIT */
/* Pools of threads and, the same source, of processes; see ../actors.h. */
#include <errno.h>
#include <ilv/process.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../actors.h"
#include "ilv_test.h"
#include "pools.h"

static struct ilv_pool *make(struct ilv_pool_options options)
{
    options.workers = options.workers ? options.workers : 2;
    return make_pool(options);
}

static int square(const void *argument, void *result)
{
    int x = *(const int *)argument;
    *(int *)result = x * x;
    return 0;
}

static int fail_when_odd(const void *argument, void *result)
{
    int x = *(const int *)argument;
    *(int *)result = -x;
    return x % 2 ? 1000 + x : 0;
}

static struct ilv_call call_of(ilv_pool_function *function, const int *argument)
{
    return (struct ilv_call){.function = function,
                             .argument = argument,
                             .argument_size = argument ? sizeof *argument : 0,
                             .result_size = argument ? sizeof(int) : 0};
}

static struct ilv_future *submit(struct ilv_pool *pool, ilv_pool_function *function,
                                 const int *argument)
{
    struct ilv_future *future = NULL;
    const struct ilv_call call = call_of(function, argument);
    ILV_CHECK_INT(ilv_pool_submit(pool, &call, &future), 0);
    return future;
}

static void apply_gives_the_result_or_the_error(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){0});
    int seven = 7;
    int result = 0;
    struct ilv_call call = call_of(square, &seven);
    ILV_CHECK_INT(ilv_pool_apply(pool, &call, &result), 0);
    ILV_CHECK_INT(result, 49);
    call.function = fail_when_odd;
    ILV_CHECK_INT(ilv_pool_apply(pool, &call, &result), 1007);
    ILV_CHECK_INT(result, 49);
    call = call_of(count_it, NULL);
    ILV_CHECK_INT(ilv_pool_apply(pool, &call, NULL), 0);
    ILV_CHECK_INT(stage->count, 1);
    end_pool(pool);
}

static void map_keeps_the_order_whatever_the_chunks(void)
{
    enum { COUNT = 1000 };
    struct ilv_pool *pool = make((struct ilv_pool_options){.tasks = 16});
    static int in[COUNT];
    static int out[COUNT];
    const size_t chunks[] = {0, 1, 7, 5000};
    for (int i = 0; i < COUNT; i++) {
        in[i] = i;
    }
    for (int c = 0; c < 4; c++) {
        struct ilv_call call = call_of(square, in);
        int wrong = 0;
        memset(out, 0, sizeof out);
        ILV_CHECK_INT(ilv_pool_map(pool, &call, COUNT, chunks[c], out), 0);
        for (int i = 0; i < COUNT; i++) {
            wrong += out[i] != i * i;
        }
        ILV_CHECK_INT(wrong, 0);
        call.function = fail_when_odd;
        ILV_CHECK_INT(ilv_pool_map(pool, &call, COUNT, chunks[c], out), 1001);
        ILV_CHECK_INT(out[998], -998);
        ILV_CHECK_INT(ilv_pool_map(pool, &call, 0, chunks[c], out), 0);
    }
    end_pool(pool);
}

static int combine(const void *const arguments[], void *result)
{
    *(double *)result =
        *(const int *)arguments[0] * *(const double *)arguments[1] + *(const char *)arguments[2];
    return 0;
}

static void starmap_takes_an_argument_of_each_column(void)
{
    enum { COUNT = 100 };
    struct ilv_pool *pool = make((struct ilv_pool_options){0});
    int a[COUNT];
    double b[COUNT];
    char c[COUNT];
    double out[COUNT];
    int wrong = 0;
    for (int i = 0; i < COUNT; i++) {
        a[i] = i;
        b[i] = 0.5 * i;
        c[i] = (char)i;
    }
    const struct ilv_column columns[3] = {{a, sizeof *a}, {b, sizeof *b}, {c, sizeof *c}};
    ILV_CHECK_INT(ilv_pool_starmap(pool, combine, columns, 3, COUNT, 0, out, sizeof *out), 0);
    for (int i = 0; i < COUNT; i++) {
        wrong += out[i] != i * 0.5 * i + i;
    }
    ILV_CHECK_INT(wrong, 0);
    ILV_CHECK_INT(ilv_pool_starmap(pool, combine, columns, 0, COUNT, 0, out, 8), EINVAL);
    ILV_CHECK_INT(ilv_pool_starmap(pool, combine, columns, 9, COUNT, 0, out, 8), EINVAL);
    ILV_CHECK_INT(ilv_pool_starmap(pool, NULL, columns, 3, COUNT, 0, out, 8), EINVAL);
    end_pool(pool);
}

static void run_imap(struct ilv_pool *pool, bool ordered, size_t chunk)
{
    enum { COUNT = 200 };
    int in[COUNT];
    unsigned seen[COUNT] = {0};
    struct ilv_results *results = NULL;
    int wrong = 0;
    for (int i = 0; i < COUNT; i++) {
        in[i] = i;
    }
    const struct ilv_call call = call_of(fail_when_odd, in);
    ILV_CHECK_INT(ilv_pool_imap(pool, &call, COUNT, chunk, ordered, &results), 0);
    for (size_t i = 0; i < COUNT; i++) {
        size_t index = COUNT;
        int error = -1;
        int result = 1;
        wrong += ilv_results_next(results, &result, &index, &error, NULL) != 0;
        if (index >= COUNT) {
            break;
        }
        wrong += ordered && index != i;
        wrong += error != (index % 2 ? 1000 + (int)index : 0);
        wrong += result != (index % 2 ? 1 : -(int)index);
        seen[index]++;
    }
    for (int i = 0; i < COUNT; i++) {
        wrong += seen[i] != 1;
    }
    int error = 0;
    ILV_CHECK_INT(wrong, 0);
    ILV_CHECK_INT(ilv_results_next(results, NULL, NULL, &error, NULL), ENODATA);
    ilv_results_free(results);
}

static void imap_gives_every_result_once(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){.tasks = 5});
    run_imap(pool, true, 1);
    run_imap(pool, true, 9);
    run_imap(pool, false, 1);
    run_imap(pool, false, 9);
    end_pool(pool);
}

static void imap_may_be_given_up(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){.workers = 1});
    int in[20] = {0};
    int error = 0;
    const struct ilv_call call = call_of(wait_for_open, in);
    struct ilv_results *results = NULL;
    const struct timespec past = {0, 0};
    ILV_CHECK_INT(ilv_pool_imap(pool, &call, 20, 1, true, &results), 0);
    ILV_CHECK_INT(ilv_results_next(results, NULL, NULL, &error, &past), ETIMEDOUT);
    await(&stage->started, 1);
    ilv_results_free(results);
    tell(&stage->open, 1);
    end_pool(pool);
    ILV_CHECK_INT(stage->started, 1);
}

/* Callbacks. */

struct seen {
    struct ilv_pool *pool;
    struct ilv_future *other;
    pthread_t thread;
    uint32_t inside;
    uint32_t count;
    int overlaps;
    int wrong;
    int waited;
};

static void look(int error, const void *result, void *context)
{
    struct seen *seen = context;
    seen->overlaps += __atomic_fetch_add(&seen->inside, 1, __ATOMIC_SEQ_CST) != 0;
    seen->wrong += seen->count && !pthread_equal(seen->thread, pthread_self());
    seen->thread = pthread_self();
    int value = *(const int *)result;
    seen->wrong += error ? value % 2 == 0 || error != 1000 - value : value % 2 != 0;
    (void)__atomic_fetch_add(&seen->count, 1, __ATOMIC_SEQ_CST);
    (void)__atomic_fetch_sub(&seen->inside, 1, __ATOMIC_SEQ_CST);
}

static void callbacks_come_one_at_a_time_before_their_futures_are_known(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){0});
    struct seen seen = {.pool = pool};
    struct ilv_future *last = NULL;
    for (int i = 0; i < 100; i++) {
        struct ilv_call call = call_of(fail_when_odd, &i);
        call.callback = look;
        call.context = &seen;
        ILV_CHECK_INT(ilv_pool_submit(pool, &call, i == 99 ? &last : NULL), 0);
    }
    ILV_CHECK_INT(ilv_future_wait(last), 0);
    ILV_CHECK_INT(ilv_future_outcome(last, NULL), 1099);
    ilv_future_free(last);
    end_pool(pool);
    ILV_CHECK_INT(seen.count, 100);
    ILV_CHECK_INT(seen.overlaps, 0);
    ILV_CHECK_INT(seen.wrong, 0);
}

static void wait_in_callback(int error, const void *result, void *context)
{
    struct seen *seen = context;
    const struct ilv_call call = call_of(count_it, NULL);
    size_t index;
    (void)result;
    seen->wrong += error;
    seen->wrong += ilv_future_wait(seen->other) != EDEADLK;
    seen->wrong += ilv_future_wait_any(&seen->other, 1, &index, NULL) != EDEADLK;
    seen->wrong += ilv_pool_apply(seen->pool, &call, NULL) != EDEADLK;
    seen->wrong += ilv_pool_map(seen->pool, &call, 3, 0, NULL) != EDEADLK;
    seen->wrong += ilv_pool_submit(seen->pool, &call, NULL);
    seen->waited = 1;
}

static void a_callback_may_submit_and_not_wait(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){0});
    struct seen seen = {.pool = pool, .other = submit(pool, wait_for_open, NULL)};
    struct ilv_future *future = NULL;
    struct ilv_call call = call_of(count_it, NULL);
    call.callback = wait_in_callback;
    call.context = &seen;
    ILV_CHECK_INT(ilv_pool_submit(pool, &call, &future), 0);
    ILV_CHECK_INT(ilv_future_wait(future), 0);
    ILV_CHECK_INT(seen.waited, 1);
    ILV_CHECK_INT(seen.wrong, 0);
    tell(&stage->open, 1);
    ILV_CHECK_INT(ilv_future_wait(seen.other), 0);
    ilv_future_free(seen.other);
    ilv_future_free(future);
    end_pool(pool);
    ILV_CHECK_INT(stage->count, 2);
}

/* Futures. */

static void futures_are_waited_for_alone_any_and_all(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){0});
    int five = 5;
    int result = 0;
    size_t index = 9;
    const struct timespec past = {0, 0};
    struct ilv_future *futures[2] = {submit(pool, wait_for_open, NULL), NULL};
    ILV_CHECK_INT(ilv_future_wait_until(futures[0], &past), ETIMEDOUT);
    ILV_CHECK_INT(ilv_future_wait_any(futures, 1, &index, &past), ETIMEDOUT);
    ILV_CHECK_INT(ilv_future_outcome(futures[0], NULL), EBUSY);
    ILV_CHECK(!ilv_future_done(futures[0]));
    futures[1] = submit(pool, square, &five);
    ILV_CHECK_INT(ilv_future_wait_any(futures, 2, &index, NULL), 0);
    ILV_CHECK_U64(index, 1);
    ILV_CHECK_INT(ilv_future_wait_all(futures, 2, &past), ETIMEDOUT);
    ILV_CHECK_INT(ilv_future_outcome(futures[1], &result), 0);
    ILV_CHECK_INT(result, 25);
    tell(&stage->open, 1);
    ILV_CHECK_INT(ilv_future_wait_all(futures, 2, NULL), 0);
    ILV_CHECK(ilv_future_done(futures[0]));
    end_pool(pool);
    ILV_CHECK_INT(ilv_future_outcome(futures[0], NULL), 0);
    ILV_CHECK_INT(ilv_future_cancel(futures[0]), EBUSY);
    ilv_future_free(futures[0]);
    ilv_future_free(futures[1]);
}

static void what_is_cancelled_does_not_run(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){.workers = 1});
    struct ilv_future *running = submit(pool, wait_for_open, NULL);
    await(&stage->started, 1);
    struct ilv_future *waiting = submit(pool, count_it, NULL);
    struct ilv_future *after = submit(pool, count_it, NULL);
    ILV_CHECK_INT(ilv_future_cancel(running), EBUSY);
    ILV_CHECK_INT(ilv_future_cancel(waiting), 0);
    ILV_CHECK_INT(ilv_future_wait(waiting), 0);
    ILV_CHECK_INT(ilv_future_outcome(waiting, NULL), ECANCELED);
    ILV_CHECK_INT(ilv_future_cancel(waiting), EBUSY);
    tell(&stage->open, 1);
    ILV_CHECK_INT(ilv_future_wait(after), 0);
    ILV_CHECK_INT(ilv_future_outcome(after, NULL), 0);
    ILV_CHECK_INT(stage->count, 1);
    ilv_future_free(running);
    ilv_future_free(waiting);
    ilv_future_free(after);
    end_pool(pool);
}

static void many_cancelled_tasks_do_not_fill_the_pool(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){.workers = 1, .tasks = 3});
    struct ilv_future *running = submit(pool, wait_for_open, NULL);
    await(&stage->started, 1);
    for (int i = 0; i < 300; i++) {
        struct ilv_future *waiting = submit(pool, count_it, NULL);
        ILV_CHECK_INT(ilv_future_cancel(waiting), 0);
        ilv_future_free(waiting);
    }
    struct ilv_future *last = submit(pool, count_it, NULL);
    tell(&stage->open, 1);
    ILV_CHECK_INT(ilv_future_wait(last), 0);
    ILV_CHECK_INT(ilv_future_outcome(last, NULL), 0);
    ILV_CHECK_INT(stage->count, 1);
    ilv_future_free(running);
    ilv_future_free(last);
    end_pool(pool);
}

static void a_full_pool_says_so(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){.workers = 1, .tasks = 2});
    const struct ilv_call call = call_of(count_it, NULL);
    struct ilv_future *running = submit(pool, wait_for_open, NULL);
    await(&stage->started, 1);
    ILV_CHECK_INT(ilv_pool_try_submit(pool, &call, NULL), 0);
    ILV_CHECK_INT(ilv_pool_try_submit(pool, &call, NULL), EAGAIN);
    tell(&stage->open, 1);
    ILV_CHECK_INT(ilv_pool_submit(pool, &call, NULL), 0);
    ilv_future_free(running);
    end_pool(pool);
    ILV_CHECK_INT(stage->count, 2);
}

/* Workers. */

static __thread int prepared;

static int prepare(void *context)
{
    prepared = *(int *)context;
    return prepared < 0 ? -prepared : 0;
}

static int tell_prepared(const void *argument, void *result)
{
    (void)argument;
    *(int *)result = prepared;
    return 0;
}

static void the_initialiser_runs_first_in_each_worker(void)
{
    int context = 17;
    struct ilv_pool *pool = make((struct ilv_pool_options){
        .initialise = prepare, .context = &context, .tasks_per_worker = 1});
    for (int i = 0; i < 6; i++) {
        int result = 0;
        struct ilv_call call = {.function = tell_prepared, .result_size = sizeof result};
        ILV_CHECK_INT(ilv_pool_apply(pool, &call, &result), 0);
        ILV_CHECK_INT(result, 17);
    }
    end_pool(pool);
}

static void a_failing_initialiser_breaks_the_pool(void)
{
    int context = -EDOM;
    struct ilv_pool *pool =
        make((struct ilv_pool_options){.initialise = prepare, .context = &context});
    const struct ilv_call call = call_of(count_it, NULL);
    ILV_CHECK_INT(ilv_pool_apply(pool, &call, NULL), EDOM);
    ILV_CHECK_INT(ilv_pool_apply(pool, &call, NULL), EDOM);
    end_pool(pool);
    ILV_CHECK_INT(stage->count, 0);
}

static int tell_worker(const void *argument, void *result)
{
    static __thread int tasks;
    (void)argument;
    *(int *)result = ++tasks;
    return 0;
}

static void workers_are_replaced_after_their_tasks(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){.tasks_per_worker = 3});
    struct ilv_call call = {.function = tell_worker, .result_size = sizeof(int)};
    int results[30];
    int most = 0;
    ILV_CHECK_INT(ilv_pool_map(pool, &call, 30, 1, results), 0);
    for (int i = 0; i < 30; i++) {
        most = results[i] > most ? results[i] : most;
    }
    ILV_CHECK_INT(most, 3);
    end_pool(pool);
}

enum { NAME = 16 };

static int tell_name(const void *argument, void *result)
{
    (void)argument;
    if (ACTORS_ARE_PROCESSES) {
        (void)snprintf(result, NAME, "%s", ilv_process_name(ilv_process_current()));
        return 0;
    }
    return pthread_getname_np(pthread_self(), result, NAME);
}

static void keep_name(int error, const void *result, void *context)
{
    (void)error;
    (void)result;
    (void)pthread_getname_np(pthread_self(), context, NAME);
}

static void debuggers_see_who_is_a_worker_and_who_keeps_the_pool(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){.workers = 1});
    char keeper[NAME] = "";
    char worker[NAME] = "";
    struct ilv_future *future = NULL;
    const struct ilv_call call = {
        .function = tell_name, .result_size = NAME, .callback = keep_name, .context = keeper};
    ILV_CHECK_INT(ilv_pool_submit(pool, &call, &future), 0);
    ILV_CHECK_INT(ilv_future_wait(future), 0);
    ILV_CHECK_INT(ilv_future_outcome(future, worker), 0);
    ILV_CHECK_STR(worker, "Worker-1");
    ILV_CHECK_STR(keeper, "Keeper");
    ilv_future_free(future);
    end_pool(pool);
}

static int leave(const void *argument, void *result)
{
    (void)argument;
    (void)result;
    if (ACTORS_ARE_PROCESSES) {
        _exit(0);
    }
    pthread_exit(NULL);
}

static void a_task_that_ends_its_worker_fails_alone(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){.workers = 1});
    for (int i = 0; i < 3; i++) {
        struct ilv_future *leaving = submit(pool, leave, NULL);
        struct ilv_future *after = submit(pool, count_it, NULL);
        ILV_CHECK_INT(ilv_future_wait(leaving), 0);
        ILV_CHECK_INT(ilv_future_outcome(leaving, NULL), EOWNERDEAD);
        ILV_CHECK_INT(ilv_future_wait(after), 0);
        ILV_CHECK_INT(ilv_future_outcome(after, NULL), 0);
        ilv_future_free(leaving);
        ilv_future_free(after);
    }
    end_pool(pool);
}

/* Ending. */

static void closing_does_what_was_submitted(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){.workers = 1});
    const struct ilv_call call = call_of(count_it, NULL);
    const struct timespec past = {0, 0};
    struct ilv_future *running = submit(pool, wait_for_open, NULL);
    for (int i = 0; i < 10; i++) {
        ILV_CHECK_INT(ilv_pool_submit(pool, &call, NULL), 0);
    }
    ILV_CHECK_INT(ilv_pool_join(pool), EBUSY);
    ILV_CHECK_INT(ilv_pool_free(pool), EBUSY);
    ILV_CHECK_INT(ilv_pool_close(pool), 0);
    ILV_CHECK_INT(ilv_pool_submit(pool, &call, NULL), EPIPE);
    ILV_CHECK_INT(ilv_pool_join_until(pool, &past), ETIMEDOUT);
    ILV_CHECK_INT(ilv_pool_free(pool), EBUSY);
    tell(&stage->open, 1);
    ILV_CHECK_INT(ilv_pool_join(pool), 0);
    ILV_CHECK_INT(stage->count, 10);
    ILV_CHECK_INT(ilv_future_outcome(running, NULL), 0);
    ILV_CHECK_INT(ilv_pool_free(pool), 0);
    ilv_future_free(running);
}

static void terminating_cancels_what_waits(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){.workers = 1});
    struct ilv_future *running = submit(pool, wait_for_open, NULL);
    await(&stage->started, 1);
    struct ilv_future *waiting = submit(pool, count_it, NULL);
    ILV_CHECK_INT(ilv_pool_terminate(pool), 0);
    ILV_CHECK_INT(ilv_future_wait(waiting), 0);
    ILV_CHECK_INT(ilv_future_outcome(waiting, NULL), ECANCELED);
    if (!ACTORS_ARE_PROCESSES) {
        tell(&stage->open, 1);
    }
    ILV_CHECK_INT(ilv_pool_join(pool), 0);
    ILV_CHECK_INT(ilv_future_outcome(running, NULL), ACTORS_ARE_PROCESSES ? ECANCELED : 0);
    ILV_CHECK_INT(ilv_pool_free(pool), 0);
    ILV_CHECK_INT(stage->count, 0);
    ilv_future_free(running);
    ilv_future_free(waiting);
}

static void misuse_gives_an_error(void)
{
    struct ilv_pool *pool = NULL;
    struct ilv_results *results = NULL;
    size_t index;
    const struct ilv_call nothing = {.function = NULL};
    const struct ilv_call no_argument = {.function = square, .argument_size = 4};
    ILV_CHECK_INT(ilv_pool_new(NULL, NULL), EINVAL);
    const struct ilv_pool_options many = {.workers = 1025};
    const struct ilv_pool_options tasks = {.tasks = 65537};
    ILV_CHECK_INT(ilv_pool_new(&pool, &many), EINVAL);
    ILV_CHECK_INT(ilv_pool_new(&pool, &tasks), EINVAL);
    ILV_CHECK_INT(ilv_pool_close(NULL), EINVAL);
    ILV_CHECK_INT(ilv_pool_join(NULL), EINVAL);
    ILV_CHECK_INT(ilv_pool_free(NULL), 0);
    pool = make((struct ilv_pool_options){.room = 64});
    char big[65] = "";
    const struct ilv_call large = {.function = square, .argument = big, .argument_size = 65};
    ILV_CHECK_INT(ilv_pool_submit(pool, &large, NULL), E2BIG);
    ILV_CHECK_INT(ilv_pool_map(pool, &large, 1, 0, NULL), E2BIG);
    ILV_CHECK_INT(ilv_pool_imap(pool, &large, 1, 0, true, &results), E2BIG);
    ILV_CHECK_INT(ilv_pool_submit(pool, NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_pool_submit(pool, &nothing, NULL), EINVAL);
    ILV_CHECK_INT(ilv_pool_submit(pool, &no_argument, NULL), EINVAL);
    ILV_CHECK_INT(ilv_pool_map(pool, &no_argument, 2, 0, NULL), EINVAL);
    ILV_CHECK_INT(ilv_pool_submit(NULL, &large, NULL), EINVAL);
    ILV_CHECK_INT(ilv_future_wait(NULL), EINVAL);
    ILV_CHECK_INT(ilv_future_wait_any(NULL, 1, &index, NULL), EINVAL);
    ILV_CHECK_INT(ilv_future_outcome(NULL, NULL), EINVAL);
    ILV_CHECK_INT(ilv_future_cancel(NULL), EINVAL);
    ilv_future_free(NULL);
    ilv_results_free(NULL);
    end_pool(pool);
}

static void a_forked_child_may_not_use_the_pool(void)
{
    struct ilv_pool *pool = make((struct ilv_pool_options){0});
    pid_t child = fork();
    if (child == 0) {
        const struct ilv_call call = call_of(count_it, NULL);
        bool refused = ilv_pool_submit(pool, &call, NULL) == EPERM &&
                       ilv_pool_map(pool, &call, 1, 0, NULL) == EPERM &&
                       ilv_pool_close(pool) == EPERM && ilv_pool_free(pool) == EPERM;
        _exit(refused ? 0 : 1);
    }
    int status = -1;
    ILV_CHECK_INT(waitpid(child, &status, 0), child);
    ILV_CHECK_INT(status, 0);
    end_pool(pool);
}

ILV_SUITE(pool, ILV_TEST(apply_gives_the_result_or_the_error),
          ILV_TEST(map_keeps_the_order_whatever_the_chunks),
          ILV_TEST(starmap_takes_an_argument_of_each_column),
          ILV_TEST(imap_gives_every_result_once), ILV_TEST(imap_may_be_given_up),
          ILV_TEST(callbacks_come_one_at_a_time_before_their_futures_are_known),
          ILV_TEST(a_callback_may_submit_and_not_wait),
          ILV_TEST(futures_are_waited_for_alone_any_and_all),
          ILV_TEST(what_is_cancelled_does_not_run),
          ILV_TEST(many_cancelled_tasks_do_not_fill_the_pool), ILV_TEST(a_full_pool_says_so),
          ILV_TEST(the_initialiser_runs_first_in_each_worker),
          ILV_TEST(a_failing_initialiser_breaks_the_pool),
          ILV_TEST(workers_are_replaced_after_their_tasks),
          ILV_TEST(debuggers_see_who_is_a_worker_and_who_keeps_the_pool),
          ILV_TEST(a_task_that_ends_its_worker_fails_alone),
          ILV_TEST(closing_does_what_was_submitted), ILV_TEST(terminating_cancels_what_waits),
          ILV_TEST(misuse_gives_an_error), ILV_TEST(a_forked_child_may_not_use_the_pool));
