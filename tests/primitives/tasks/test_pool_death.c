/* SPDX-License-Identifier: MIT */
/* Deaths of workers, of parents, and of processes that may have no pool. */
#include <ilv/pool.h>
#include <ilv/process.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ilv_test.h"
#include "others.h"
#include "steps.h"
#include "stops.h"

static void *share(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        abort();
    }
    return memory;
}

static struct ilv_process *start(ilv_process_function *function, void *argument)
{
    struct ilv_process *process = NULL;
    if (ilv_process_run(&process, NULL, function, argument) != 0) {
        abort();
    }
    return process;
}

struct pool_stage {
    uint32_t started;
    uint32_t open;
};

static struct pool_stage *stage;

static int start_and_wait(const void *argument, void *result)
{
    *(int *)result = *(const int *)argument + 1;
    (void)__atomic_fetch_add(&stage->started, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&stage->open, __ATOMIC_SEQ_CST)) {
        (void)sched_yield();
    }
    return getpid();
}

static struct ilv_pool *make_pool(unsigned workers)
{
    const struct ilv_pool_options options = {.kind = ILV_POOL_PROCESSES, .workers = workers};
    struct ilv_pool *pool = NULL;
    stage = share(sizeof *stage);
    if (!ILV_CHECK_INT(ilv_pool_new(&pool, &options), 0)) {
        exit(1);
    }
    return pool;
}

static void end_pool(struct ilv_pool *pool)
{
    ILV_CHECK_INT(ilv_pool_close(pool), 0);
    ILV_CHECK_INT(ilv_pool_join(pool), 0);
    ILV_CHECK_INT(ilv_pool_free(pool), 0);
}

static struct ilv_future *submit(struct ilv_pool *pool, int argument)
{
    struct ilv_future *future = NULL;
    const struct ilv_call call = {.function = start_and_wait,
                                  .argument = &argument,
                                  .argument_size = sizeof argument,
                                  .result_size = sizeof argument};
    ILV_CHECK_INT(ilv_pool_submit(pool, &call, &future), 0);
    return future;
}

static void await_started(uint32_t count)
{
    while (__atomic_load_n(&stage->started, __ATOMIC_SEQ_CST) < count) {
        (void)sched_yield();
    }
}

static void a_killed_busy_worker_fails_its_own_task_only(void)
{
    struct ilv_pool *pool = make_pool(2);
    struct ilv_future *futures[4];
    int dead = 0;
    for (int i = 0; i < 4; i++) {
        futures[i] = submit(pool, i);
    }
    await_started(2);
    int victim = ilv_pool_worker_pid(pool, 0);
    ILV_CHECK_INT(kill(victim, SIGKILL), 0);
    await_started(3);
    __atomic_store_n(&stage->open, 1, __ATOMIC_SEQ_CST);
    ILV_CHECK_INT(ilv_future_wait_all(futures, 4, NULL), 0);
    for (int i = 0; i < 4; i++) {
        int outcome = ilv_future_outcome(futures[i], NULL);
        dead += outcome == EOWNERDEAD;
        ILV_CHECK(outcome != victim);
        ilv_future_free(futures[i]);
    }
    ILV_CHECK_INT(dead, 1);
    end_pool(pool);
}

static void a_killed_idle_worker_is_replaced_by_one_that_works(void)
{
    struct ilv_pool *pool = make_pool(1);
    __atomic_store_n(&stage->open, 1, __ATOMIC_SEQ_CST);
    for (int i = 0; i < 5; i++) {
        int victim = ilv_pool_worker_pid(pool, 0);
        await_sleeping(victim);
        ILV_CHECK_INT(kill(victim, SIGKILL), 0);
        while (ilv_pool_worker_pid(pool, 0) == victim || !ilv_pool_worker_pid(pool, 0)) {
            (void)sched_yield();
        }
        struct ilv_future *future = submit(pool, i);
        ILV_CHECK_INT(ilv_future_wait(future), 0);
        ILV_CHECK_INT(ilv_future_outcome(future, NULL), ilv_pool_worker_pid(pool, 0));
        ilv_future_free(future);
    }
    end_pool(pool);
}

static int own_a_pool(void *pids)
{
    struct ilv_pool *pool = make_pool(2);
    struct ilv_future *future = submit(pool, 1);
    await_started(1);
    for (unsigned i = 0; i < 2; i++) {
        ((int *)pids)[i] = ilv_pool_worker_pid(pool, i);
    }
    (void)raise(SIGKILL);
    ilv_future_free(future);
    return 0;
}

static void workers_end_with_a_killed_parent(void)
{
    int *pids = share(2 * sizeof *pids);
    struct ilv_process *parent = start(own_a_pool, pids);
    ILV_CHECK_INT(ilv_process_join(parent), 0);
    for (int i = 0; i < 2; i++) {
        ILV_CHECK(pids[i] > 0);
        while (kill(pids[i], 0) == 0) {
            (void)waitpid(pids[i], NULL, WNOHANG);
            (void)sched_yield();
        }
    }
    ILV_CHECK_INT(ilv_process_free(parent), 0);
}

static int leave_a_pool(void *unused)
{
    (void)unused;
    (void)submit(make_pool(2), 1);
    await_started(1);
    return 6;
}

static void leaving_with_a_busy_pool_does_not_hang(void)
{
    struct ilv_process *parent = start(leave_a_pool, NULL);
    int code = -1;
    ILV_CHECK_INT(ilv_process_join(parent), 0);
    ILV_CHECK_INT(ilv_process_exit_code(parent, &code), 0);
    ILV_CHECK_INT(code, 6);
    ILV_CHECK_INT(ilv_process_free(parent), 0);
}

static int try_to_own_a_pool(void *unused)
{
    struct ilv_pool *pool;
    const struct ilv_pool_options options = {.kind = ILV_POOL_PROCESSES};
    (void)unused;
    return ilv_pool_new(&pool, &options);
}

static void a_daemon_may_have_no_pool_of_processes(void)
{
    const struct ilv_process_options options = {.daemon = true};
    struct ilv_process *daemon = NULL;
    int code = -1;
    ILV_CHECK_INT(ilv_process_run(&daemon, &options, try_to_own_a_pool, NULL), 0);
    ILV_CHECK_INT(ilv_process_join(daemon), 0);
    ILV_CHECK_INT(ilv_process_exit_code(daemon, &code), 0);
    ILV_CHECK_INT(code, EPERM);
    ILV_CHECK_INT(ilv_process_free(daemon), 0);
}

static int die_by_chance(const void *argument, void *result)
{
    int value = *(const int *)argument;
    *(int *)result = value;
    return value % 10 == 3 ? raise(SIGKILL) : 0;
}

static void a_map_with_dying_workers_ends_and_the_others_results_are_right(void)
{
    enum { COUNT = 60 };
    struct ilv_pool *pool = make_pool(2);
    int in[COUNT];
    int out[COUNT];
    for (int i = 0; i < COUNT; i++) {
        in[i] = i;
        out[i] = -1;
    }
    const struct ilv_call call = {.function = die_by_chance,
                                  .argument = in,
                                  .argument_size = sizeof *in,
                                  .result_size = sizeof *out};
    ILV_CHECK_INT(ilv_pool_map(pool, &call, COUNT, 1, out), EOWNERDEAD);
    for (int i = 0; i < COUNT; i++) {
        ILV_CHECK_INT(out[i], i % 10 == 3 ? -1 : i);
    }
    end_pool(pool);
}

static uint32_t stopped;
static uint32_t coming;

static void await_a_task_of_the_new(void)
{
    await_started(1);
}

/* In the start of a worker, which takes a task before it fails for want of a descriptor. */
static void let_others_submit(void)
{
    set(&at_open, await_a_task_of_the_new);
    say(&stopped);
    hear(&coming);
}

static void a_pool_that_cannot_replace_its_worker_is_broken(void)
{
    struct rlimit limit;
    int error;
    if (syscall(SYS_pidfd_open, getpid(), 0) < 0 && errno == ENOSYS) {
        ilv_test_skip("no pidfds here, without which the start of a worker does not fail");
    }
    struct ilv_pool *pool = make_pool(1);
    await_sleeping(ilv_pool_worker_pid(pool, 0));
    ILV_CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
    const struct rlimit none = {3, limit.rlim_max};
    fork_hooks();
    set(&before_fork, let_others_submit);
    ILV_CHECK_INT(kill(ilv_pool_worker_pid(pool, 0), SIGKILL), 0);
    hear(&stopped);
    struct ilv_future *future = submit(pool, 1);
    ILV_CHECK_INT(setrlimit(RLIMIT_NOFILE, &none), 0);
    say(&coming);
    const struct ilv_call call = {.function = start_and_wait};
    while ((error = ilv_pool_try_submit(pool, &call, NULL)) == 0 || error == EAGAIN) {
        (void)sched_yield();
    }
    ILV_CHECK_INT(error, EMFILE);
    ILV_CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
    ILV_CHECK_INT(ilv_future_wait(future), 0);
    ILV_CHECK_INT(ilv_future_outcome(future, NULL), EOWNERDEAD);
    ilv_future_free(future);
    end_pool(pool);
}

ILV_SUITE(pool_death, ILV_TEST(a_pool_that_cannot_replace_its_worker_is_broken),
          ILV_TEST(a_killed_busy_worker_fails_its_own_task_only),
          ILV_TEST(a_killed_idle_worker_is_replaced_by_one_that_works),
          ILV_TEST(workers_end_with_a_killed_parent),
          ILV_TEST(leaving_with_a_busy_pool_does_not_hang),
          ILV_TEST(a_daemon_may_have_no_pool_of_processes),
          ILV_TEST(a_map_with_dying_workers_ends_and_the_others_results_are_right));
