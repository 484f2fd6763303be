/* SPDX-License-Identifier: MIT */
/*
 * pool_future.c: outcomes that can be waited for, all in the parent.
 *
 * The word: PENDING; WATCHED: pending, and somebody may park on it; KNOWN. Outcome and result are
 * written before KNOWN is stored, and read after it was seen. Who waits for several parks on a
 * sequence that every finish moves while there is anybody like that.
 */
#include <stdlib.h>

#include "pool_parts.h"

enum { PENDING, WATCHED, KNOWN };

static uint32_t finishes; /* parked on by who waits for any */
static uint32_t any_waiters;
static uint32_t reach = ILV__PRIVATE;

struct ilv_future *ilv__future_new(struct ilv_pool *pool, const struct ilv__job *job, uint32_t refs)
{
    size_t results = ilv__job_results(job->count, job->call.result_size);
    struct ilv_future *future = malloc(sizeof *future + results);
    if (future) {
        *future = (struct ilv_future){.word = PENDING,
                                      .refs = refs,
                                      .pool = pool,
                                      .count = (uint32_t)job->count,
                                      .result_size = results,
                                      .callback = job->call.callback,
                                      .context = job->call.context};
    }
    return future;
}

void ilv_future_free(struct ilv_future *future)
{
    if (!future) {
        return;
    }
    ilv__is_before(future);
    if (__atomic_sub_fetch(&future->refs, 1, __ATOMIC_ACQ_REL) == 0) {
        ilv__is_after(future);
        free(future);
    }
}

void ilv__future_finish(struct ilv_future *future, int error)
{
    const unsigned char *result = future->result + ilv__up16(future->count * sizeof(int));
    future->error = error;
    if (future->callback) {
        future->callback(error, result, future->context);
    }
    ilv__is_before(future);
    if (__atomic_exchange_n(&future->word, KNOWN, __ATOMIC_SEQ_CST) == WATCHED) {
        (void)ilv__wake(&future->word, ILV__ALL);
    }
    if (__atomic_load_n(&any_waiters, __ATOMIC_SEQ_CST)) {
        (void)__atomic_fetch_add(&finishes, 1, __ATOMIC_RELEASE);
        (void)ilv__wake(&finishes, ILV__ALL);
    }
    ilv_future_free(future);
}

bool ilv_future_done(struct ilv_future *future)
{
    if (!future || __atomic_load_n(&future->word, __ATOMIC_SEQ_CST) != KNOWN) {
        return false;
    }
    ilv__is_after(future);
    return true;
}

int ilv_future_wait_until(struct ilv_future *future, const struct timespec *deadline)
{
    if (!future || !ilv__deadline_valid(deadline)) {
        return EINVAL;
    }
    if (!ilv_future_done(future) && ilv__in_keeper()) {
        return EDEADLK;
    }
    int parked = 0;
    while (!ilv_future_done(future)) {
        uint32_t pending = PENDING;
        if (parked == ETIMEDOUT) {
            return ETIMEDOUT;
        }
        (void)__atomic_compare_exchange_n(&future->word, &pending, WATCHED, false, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED);
        parked = ilv__park(&future->word, WATCHED, deadline, &reach);
    }
    return 0;
}

int ilv_future_wait(struct ilv_future *future)
{
    return ilv_future_wait_until(future, NULL);
}

static bool find_done(struct ilv_future *const futures[], size_t count, size_t *index)
{
    for (size_t i = 0; i < count; i++) {
        if (ilv_future_done(futures[i])) {
            *index = i;
            return true;
        }
    }
    return false;
}

static int wait_any(struct ilv_future *const futures[], size_t count, size_t *index,
                    const struct timespec *deadline)
{
    int parked = 0;
    for (;;) {
        uint32_t seen = __atomic_load_n(&finishes, __ATOMIC_ACQUIRE);
        if (find_done(futures, count, index)) {
            return 0;
        }
        if (parked == ETIMEDOUT) {
            return ETIMEDOUT;
        }
        parked = ilv__park(&finishes, seen, deadline, &reach);
    }
}

int ilv_future_wait_any(struct ilv_future *const futures[], size_t count, size_t *index,
                        const struct timespec *deadline)
{
    if (!futures || !count || !index || !ilv__deadline_valid(deadline)) {
        return EINVAL;
    }
    for (size_t i = 0; i < count; i++) {
        if (!futures[i]) {
            return EINVAL;
        }
    }
    if (find_done(futures, count, index)) {
        return 0;
    }
    if (ilv__in_keeper()) {
        return EDEADLK;
    }
    (void)__atomic_fetch_add(&any_waiters, 1, __ATOMIC_SEQ_CST);
    int error = wait_any(futures, count, index, deadline);
    (void)__atomic_fetch_sub(&any_waiters, 1, __ATOMIC_RELAXED);
    return error;
}

int ilv_future_wait_all(struct ilv_future *const futures[], size_t count,
                        const struct timespec *deadline)
{
    int error = futures && count ? 0 : EINVAL;
    for (size_t i = 0; !error && i < count; i++) {
        error = ilv_future_wait_until(futures[i], deadline);
    }
    return error;
}

int ilv_future_outcome(struct ilv_future *future, void *result)
{
    if (!future) {
        return EINVAL;
    }
    if (!ilv_future_done(future)) {
        return EBUSY;
    }
    size_t skipped = ilv__up16(future->count * sizeof(int));
    if (result && !future->error) {
        memcpy(result, future->result + skipped, future->result_size - skipped);
    }
    return future->error;
}

/* The slot is the future's as long as its state has the future's number. */
int ilv_future_cancel(struct ilv_future *future)
{
    if (!future) {
        return EINVAL;
    }
    if (ilv_future_done(future)) {
        return EBUSY;
    }
    struct ilv_pool *pool = future->pool;
    uint64_t waits = ilv__state(ILV__WAITS, 0, future->number);
    if (!__atomic_compare_exchange_n(&ilv__pool_slot(pool, future->slot)->state, &waits,
                                     ilv__state(ILV__RUNS, 0x3fff, future->number), false,
                                     __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        return EBUSY;
    }
    ilv__pool_slot(pool, future->slot)->cancelled = ECANCELED;
    ilv__slot_finish(pool, future->slot, ilv__state(ILV__IS_DONE, 0x3fff, future->number));
    return 0;
}
