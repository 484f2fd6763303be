/* SPDX-License-Identifier: MIT */
/*
 * bench_pool threads|processes WAY: nanoseconds a task that does next to nothing, with two workers.
 * WAY is submit (no outcome is asked for), async (a future each) or map. Prints one number.
 */
#include <ilv/pool.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TASKS = 200000 };

static int add_one(const void *argument, void *result)
{
    *(int *)result = *(const int *)argument + 1;
    return 0;
}

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int in[TASKS];
static int out[TASKS];
static struct ilv_future *futures[TASKS];

static int run(struct ilv_pool *pool, struct ilv_call *call, const char *way)
{
    int error = 0;
    if (strcmp(way, "map") == 0) {
        return ilv_pool_map(pool, call, TASKS, 0, out);
    }
    int async = strcmp(way, "async") == 0;
    for (int i = 0; i < TASKS; i++) {
        call->argument = &in[i];
        error |= ilv_pool_submit(pool, call, async ? &futures[i] : NULL);
    }
    for (int i = 0; async && i < TASKS; i++) {
        error |= ilv_future_wait(futures[i]) || ilv_future_outcome(futures[i], &out[i]);
        ilv_future_free(futures[i]);
    }
    return error;
}

int main(int argc, char **argv)
{
    const char *kind = argc > 1 ? argv[1] : "threads";
    const struct ilv_pool_options options = {
        .kind = strcmp(kind, "threads") == 0 ? ILV_POOL_THREADS : ILV_POOL_PROCESSES, .workers = 2};
    struct ilv_call call = {.function = add_one,
                            .argument = in,
                            .argument_size = sizeof *in,
                            .result_size = sizeof *out};
    struct ilv_pool *pool = NULL;
    if (ilv_pool_new(&pool, &options) != 0) {
        return 1;
    }
    double start = now();
    int error = run(pool, &call, argc > 2 ? argv[2] : "async");
    error |= ilv_pool_close(pool) | ilv_pool_join(pool);
    (void)printf("%.1f\n", (now() - start) / TASKS);
    return error ? 1 : 0;
}
