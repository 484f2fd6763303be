/* SPDX-License-Identifier: MIT */
/* pool_map.c: many calls at once, in chunks. */
#include <stdlib.h>

#include "pool_parts.h"

struct ilv_results {
    struct ilv_pool *pool;
    struct ilv__job job;
    size_t count;
    size_t chunk;
    bool ordered;
    size_t submitted;            /* calls */
    struct ilv_future **futures; /* under way, the oldest first */
    size_t *firsts;              /* of their calls */
    size_t under_way;
    size_t window;
    struct ilv_future *current; /* whose results are given out */
    size_t first;
    size_t given;
};

static int check_job(struct ilv_pool *pool, const struct ilv__job *job, size_t count)
{
    if (!pool || (!job->call.function && !job->star)) {
        return EINVAL;
    }
    if (pool->owner != ilv__self_life()) {
        return EPERM;
    }
    if (count && !job->star && !job->call.argument && job->call.argument_size) {
        return EINVAL;
    }
    return ilv__in_keeper() ? EDEADLK : 0;
}

static const int *outcomes_of(const struct ilv_future *future)
{
    return (const int *)(const void *)future->result;
}

static const unsigned char *results_of(const struct ilv_future *future)
{
    return future->result + ilv__up16(future->count * sizeof(int));
}

/* Waits for a chunk, stores its results, gives its first error. */
static int harvest(struct ilv_future *future, size_t result_size, unsigned char *results)
{
    int error = 0;
    (void)ilv_future_wait(future);
    for (uint32_t i = 0; i < future->count; i++) {
        int outcome = outcomes_of(future)[i];
        error = error ? error : outcome;
        if (!outcome && results && result_size) {
            memcpy(results + i * result_size, results_of(future) + i * result_size, result_size);
        }
    }
    ilv_future_free(future);
    return error;
}

static int map(struct ilv_pool *pool, struct ilv__job *job, size_t count, size_t chunk,
               unsigned char *results)
{
    size_t each = ilv__pool_chunk(pool, job, count, chunk);
    if (!count || !each) {
        return count ? E2BIG : 0;
    }
    size_t chunks = (count + each - 1) / each;
    struct ilv_future **futures = calloc(chunks, sizeof(struct ilv_future *));
    size_t submitted = 0;
    int failed = futures ? 0 : ENOMEM;
    while (!failed && submitted < chunks) {
        job->first = submitted * each;
        job->count = count - job->first < each ? count - job->first : each;
        failed = ilv__pool_submit(pool, job, true, &futures[submitted]);
        submitted += !failed;
    }
    int error = 0;
    size_t size = job->call.result_size;
    for (size_t i = 0; i < submitted; i++) {
        unsigned char *to = results ? results + i * each * size : NULL;
        int outcome = harvest(futures[i], size, to);
        error = error ? error : outcome;
    }
    free(futures);
    return error ? error : failed;
}

int ilv_pool_map(struct ilv_pool *pool, const struct ilv_call *call, size_t count, size_t chunk,
                 void *results)
{
    if (!call) {
        return EINVAL;
    }
    struct ilv__job job = {.call = *call};
    job.call.callback = NULL;
    int error = check_job(pool, &job, count);
    return error ? error : map(pool, &job, count, chunk, results);
}

static bool columns_valid(const struct ilv_column *columns, size_t column_count)
{
    bool valid = columns && column_count > 0 && column_count <= ILV__COLUMNS;
    for (size_t i = 0; valid && i < column_count; i++) {
        valid = columns[i].arguments && columns[i].size && columns[i].size <= UINT32_MAX;
    }
    return valid;
}

int ilv_pool_starmap(struct ilv_pool *pool, ilv_pool_star *function,
                     const struct ilv_column *columns, size_t column_count, size_t count,
                     size_t chunk, void *results, size_t result_size)
{
    if (!function || !columns_valid(columns, column_count)) {
        return EINVAL;
    }
    struct ilv__job job = {.call = {.result_size = result_size},
                           .star = function,
                           .columns = columns,
                           .column_count = column_count};
    int error = check_job(pool, &job, count);
    return error ? error : map(pool, &job, count, chunk, results);
}

/* One at a time. */

int ilv_pool_imap(struct ilv_pool *pool, const struct ilv_call *call, size_t count, size_t chunk,
                  bool ordered, struct ilv_results **results)
{
    if (!call || !results) {
        return EINVAL;
    }
    struct ilv__job job = {.call = *call};
    job.call.callback = NULL;
    int error = check_job(pool, &job, count);
    if (error) {
        return error;
    }
    size_t each = ilv__pool_chunk(pool, &job, count ? count : 1, chunk ? chunk : 1);
    struct ilv_results *made = each ? calloc(1, sizeof *made) : NULL;
    if (!made) {
        return each ? ENOMEM : E2BIG;
    }
    *made = (struct ilv_results){.pool = pool,
                                 .job = job,
                                 .count = count,
                                 .chunk = each,
                                 .ordered = ordered,
                                 .window = pool->options.workers * (size_t)4};
    made->futures = calloc(made->window, sizeof(struct ilv_future *));
    made->firsts = calloc(made->window, sizeof *made->firsts);
    if (!made->futures || !made->firsts) {
        ilv_results_free(made);
        return ENOMEM;
    }
    *results = made;
    return 0;
}

static int submit_more(struct ilv_results *results)
{
    int error = 0;
    while (!error && results->under_way < results->window && results->submitted < results->count) {
        size_t left = results->count - results->submitted;
        results->job.first = results->submitted;
        results->job.count = left < results->chunk ? left : results->chunk;
        error = ilv__pool_submit(results->pool, &results->job, results->under_way == 0,
                                 &results->futures[results->under_way]);
        if (!error) {
            results->firsts[results->under_way++] = results->submitted;
            results->submitted += results->job.count;
        }
    }
    return results->under_way ? 0 : error;
}

static int next_chunk(struct ilv_results *results, const struct timespec *deadline)
{
    size_t at = 0;
    int error = submit_more(results);
    if (error) {
        return error;
    }
    if (!results->under_way) {
        return ENODATA;
    }
    error = results->ordered
                ? ilv_future_wait_until(results->futures[0], deadline)
                : ilv_future_wait_any(results->futures, results->under_way, &at, deadline);
    if (error) {
        return error;
    }
    results->current = results->futures[at];
    results->first = results->firsts[at];
    results->given = 0;
    size_t after = --results->under_way - at;
    memmove(&results->futures[at], &results->futures[at + 1], after * sizeof(struct ilv_future *));
    memmove(&results->firsts[at], &results->firsts[at + 1], after * sizeof *results->firsts);
    (void)submit_more(results);
    return 0;
}

int ilv_results_next(struct ilv_results *results, void *result, size_t *index, int *error,
                     const struct timespec *deadline)
{
    if (!results || !error || !ilv__deadline_valid(deadline)) {
        return EINVAL;
    }
    int failed = results->current ? 0 : next_chunk(results, deadline);
    if (failed) {
        return failed;
    }
    const struct ilv_future *current = results->current;
    size_t size = results->job.call.result_size;
    size_t at = results->given++;
    *error = outcomes_of(current)[at];
    if (index) {
        *index = results->first + at;
    }
    if (!*error && result && size) {
        memcpy(result, results_of(current) + at * size, size);
    }
    if (results->given == current->count) {
        ilv_future_free(results->current);
        results->current = NULL;
    }
    return 0;
}

void ilv_results_free(struct ilv_results *results)
{
    if (!results) {
        return;
    }
    for (size_t i = 0; i < results->under_way; i++) {
        (void)ilv_future_cancel(results->futures[i]);
        ilv_future_free(results->futures[i]);
    }
    ilv_future_free(results->current);
    free(results->futures);
    free(results->firsts);
    free(results);
}
