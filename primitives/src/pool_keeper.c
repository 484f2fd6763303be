/* SPDX-License-Identifier: MIT */
/*
 * pool_keeper.c: the thread of a pool that collects what is done, calls callbacks, watches the
 * workers and replaces them; see pool.c for the rules.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "descriptors.h"
#include "pool_parts.h"

enum { FEW = 64 };

static __thread bool in_keeper;

bool ilv__in_keeper(void)
{
    return in_keeper;
}

/* The write does not block, so no signal interrupts it. */
void ilv__keeper_tell(struct ilv_pool *pool)
{
    const uint64_t one = 1;
    if (__atomic_load_n(&pool->area->listening, __ATOMIC_SEQ_CST) &&
        __atomic_exchange_n(&pool->area->listening, 0, __ATOMIC_RELAXED)) {
        ssize_t wrote = write(pool->event, &one, sizeof one);
        (void)wrote;
    }
}

/* Workers. */

/* What it is called as a process, and a debugger calls it as a thread, which may have 16 bytes. */
static void name_worker(const struct ilv__worker *worker, char name[static 16])
{
    (void)snprintf(name, 16, "Worker-%u", worker->index + 1);
}

static int be_process(void *worker)
{
    return ilv__worker_loop(worker);
}

static void *be_thread(void *argument)
{
    struct ilv__worker *worker = argument;
    char name[16];
    name_worker(worker, name);
    (void)pthread_setname_np(pthread_self(), name);
    (void)ilv__worker_loop(worker);
    __atomic_store_n(&worker->ended, 1, __ATOMIC_SEQ_CST);
    ilv__keeper_tell(worker->pool);
    return NULL;
}

static int start_process(struct ilv__worker *worker)
{
    char name[16];
    struct ilv_process *process = NULL;
    name_worker(worker, name);
    const struct ilv_process_options options = {.name = name, .daemon = true};
    int error = ilv_process_run(&process, &options, be_process, worker);
    (void)pthread_mutex_lock(&worker->pool->lock);
    worker->process = process;
    (void)pthread_mutex_unlock(&worker->pool->lock);
    return error;
}

int ilv__worker_start(struct ilv__worker *worker)
{
    worker->ended = 0;
    int error = worker->pool->options.kind == ILV_POOL_THREADS
                    ? pthread_create(&worker->thread, NULL, be_thread, worker)
                    : start_process(worker);
    worker->runs = error == 0;
    return error;
}

/* Collecting. */

struct collected {
    struct ilv_future *future;
    int error;
};

static int outcome_of(const struct ilv_pool *pool, struct ilv__slot *slot)
{
    const int *outcomes = ilv__slot_outcomes(pool, slot);
    int error = slot->cancelled;
    for (uint32_t i = 0; !error && i < slot->count; i++) {
        error = outcomes[i];
    }
    return error;
}

/* Under the lock: the slot is free again, what it held is in the future. */
static struct collected empty_slot(struct ilv_pool *pool, uint32_t at)
{
    struct ilv__slot *slot = ilv__pool_slot(pool, at);
    ilv__is_after(slot);
    struct collected collected = {pool->futures[at], outcome_of(pool, slot)};
    struct ilv_future *future = collected.future;
    if (future) {
        memcpy(future->result, ilv__slot_outcomes(pool, slot), future->result_size);
        for (uint32_t i = 0; slot->cancelled && i < future->count; i++) {
            ((int *)(void *)future->result)[i] = slot->cancelled;
        }
    }
    pool->futures[at] = NULL;
    __atomic_store_n(&slot->state, ilv__state(ILV__FREE, 0, 0), __ATOMIC_RELAXED);
    pool->free_slots[pool->free_count++] = at;
    pool->outstanding--;
    return collected;
}

static void give_room(struct ilv_pool *pool)
{
    if (pool->room_waiting) {
        pool->room_waiting = 0;
        (void)__atomic_fetch_add(&pool->room_sequence, 1, __ATOMIC_RELAXED);
        (void)ilv__wake(&pool->room_sequence, ILV__ALL);
    }
}

static void collect_bits(struct ilv_pool *pool, uint32_t word, uint64_t bits)
{
    struct collected all[FEW];
    unsigned count = 0;
    (void)pthread_mutex_lock(&pool->lock);
    for (; bits; bits &= bits - 1) {
        all[count++] = empty_slot(pool, word * 64 + (uint32_t)__builtin_ctzll(bits));
    }
    give_room(pool);
    (void)pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < count; i++) {
        if (all[i].future) {
            ilv__future_finish(all[i].future, all[i].error);
        }
    }
}

static bool collect(struct ilv_pool *pool)
{
    bool some = false;
    for (uint32_t word = 0; word * 64 < pool->options.tasks; word++) {
        uint64_t *done = &pool->area->done[word];
        if (__atomic_load_n(done, __ATOMIC_SEQ_CST)) {
            collect_bits(pool, word, __atomic_exchange_n(done, 0, __ATOMIC_ACQUIRE));
            some = true;
        }
    }
    return some;
}

/* Ending tasks that no worker will end. */

static void end_slot(struct ilv_pool *pool, uint32_t at, uint64_t state, int error)
{
    ilv__pool_slot(pool, at)->cancelled = error;
    ilv__slot_finish(pool, at, ilv__state(ILV__IS_DONE, ilv__state_worker(state), state >> 16));
}

static void cancel_waiting(struct ilv_pool *pool, int error)
{
    for (uint32_t at = 0; at < pool->options.tasks; at++) {
        uint64_t *word = &ilv__pool_slot(pool, at)->state;
        uint64_t state = __atomic_load_n(word, __ATOMIC_RELAXED);
        if (ilv__state_what(state) == ILV__WAITS &&
            __atomic_compare_exchange_n(word, &state, ilv__state(ILV__RUNS, 0x3fff, state >> 16),
                                        false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
            end_slot(pool, at, state, error);
        }
    }
}

/* What a dead worker had: its task failed, unless it was done and only not announced. */
static void settle(struct ilv_pool *pool, unsigned worker, int error)
{
    for (uint32_t at = 0; at < pool->options.tasks; at++) {
        uint64_t state = __atomic_load_n(&ilv__pool_slot(pool, at)->state, __ATOMIC_RELAXED);
        if (ilv__state_worker(state) != worker) {
            continue;
        }
        if (ilv__state_what(state) == ILV__RUNS) {
            end_slot(pool, at, state, error);
        } else if (ilv__state_what(state) == ILV__IS_DONE) {
            ilv__slot_finish(pool, at, state);
        }
    }
}

static void break_pool(struct ilv_pool *pool, int error)
{
    (void)pthread_mutex_lock(&pool->lock);
    pool->broken = error;
    give_room(pool);
    (void)pthread_mutex_unlock(&pool->lock);
    cancel_waiting(pool, error);
}

/* The end of a worker. */

static bool any_runs(const struct ilv_pool *pool)
{
    for (unsigned i = 0; i < pool->options.workers; i++) {
        if (pool->workers[i].runs) {
            return true;
        }
    }
    return false;
}

static bool is_terminated(struct ilv_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    bool terminated = pool->terminated;
    (void)pthread_mutex_unlock(&pool->lock);
    return terminated;
}

/* Whether anything may be left to do for a worker. Nobody moves tail without the lock. */
static bool needs_workers(struct ilv_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    bool waits = __atomic_load_n(&pool->area->head, __ATOMIC_RELAXED) < pool->area->tail;
    bool needs = !pool->terminated && (!pool->closed || waits);
    (void)pthread_mutex_unlock(&pool->lock);
    return needs;
}

/* Workers that end before they are ready, one after the other, will never be. */
static bool starts_in_vain(struct ilv_pool *pool)
{
    uint32_t ready = __atomic_exchange_n(&pool->area->ready_workers, 0, __ATOMIC_RELAXED);
    pool->bad_starts = ready ? 0 : pool->bad_starts + 1;
    return pool->bad_starts > pool->options.workers + 3;
}

/* One whose start fails may have run for a moment, and have a task. It runs no more. */
static int start_again(struct ilv__worker *worker)
{
    int error = ilv__worker_start(worker);
    if (error) {
        settle(worker->pool, worker->index, EOWNERDEAD);
    }
    return error && any_runs(worker->pool) ? 0 : error;
}

static void replace(struct ilv__worker *worker)
{
    struct ilv_pool *pool = worker->pool;
    if (!needs_workers(pool)) {
        return;
    }
    int error = __atomic_load_n(&pool->area->initialise_error, __ATOMIC_RELAXED);
    if (!error && starts_in_vain(pool)) {
        error = EOWNERDEAD;
    }
    if (!error && !pool->broken) {
        error = start_again(worker);
    }
    if (error) {
        break_pool(pool, error);
    }
}

static void bury(struct ilv__worker *worker)
{
    struct ilv_pool *pool = worker->pool;
    if (pool->options.kind == ILV_POOL_THREADS) {
        (void)pthread_join(worker->thread, NULL);
    } else {
        (void)ilv_process_join(worker->process);
        (void)pthread_mutex_lock(&pool->lock);
        (void)ilv_process_free(worker->process);
        worker->process = NULL;
        (void)pthread_mutex_unlock(&pool->lock);
    }
    worker->runs = false;
    settle(pool, worker->index, is_terminated(pool) ? ECANCELED : EOWNERDEAD);
    replace(worker);
}

static bool bury_threads(struct ilv_pool *pool)
{
    bool some = false;
    for (unsigned i = 0; i < pool->options.workers; i++) {
        struct ilv__worker *worker = &pool->workers[i];
        if (worker->runs && __atomic_load_n(&worker->ended, __ATOMIC_SEQ_CST)) {
            bury(worker);
            some = true;
        }
    }
    return some;
}

static void terminate_workers(struct ilv_pool *pool)
{
    cancel_waiting(pool, ECANCELED);
    for (unsigned i = 0; i < pool->options.workers; i++) {
        if (pool->workers[i].runs && pool->workers[i].process) {
            (void)ilv_process_kill(pool->workers[i].process);
        }
    }
}

/* Waiting. */

static void await_news(struct ilv_pool *pool, struct pollfd *polled)
{
    uint64_t told;
    for (unsigned i = 0; i < pool->options.workers; i++) {
        const struct ilv__worker *worker = &pool->workers[i];
        int watch = worker->runs && worker->process ? ilv_process_descriptor(worker->process) : -1;
        polled[i + 1] = (struct pollfd){.fd = watch, .events = POLLIN};
    }
    polled[0] = (struct pollfd){.fd = pool->event, .events = POLLIN};
    (void)ilv__poll(polled, pool->options.workers + 1, NULL);
    __atomic_store_n(&pool->area->listening, 0, __ATOMIC_RELAXED);
    if (polled[0].revents && read(pool->event, &told, sizeof told) < 0) {
        return;
    }
    for (unsigned i = 0; i < pool->options.workers; i++) {
        if (polled[i + 1].fd >= 0 && polled[i + 1].revents) {
            bury(&pool->workers[i]);
        }
    }
}

static bool look(struct ilv_pool *pool, bool *terminated)
{
    bool some = collect(pool);
    if (pool->options.kind == ILV_POOL_THREADS) {
        some |= bury_threads(pool);
    }
    if (!*terminated && is_terminated(pool)) {
        *terminated = some = true;
        terminate_workers(pool);
    }
    return some;
}

static bool is_over(struct ilv_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    bool over = pool->closed && pool->outstanding == 0;
    (void)pthread_mutex_unlock(&pool->lock);
    return over && !any_runs(pool);
}

void *ilv__keeper(void *argument)
{
    struct ilv_pool *pool = argument;
    struct pollfd *polled = calloc(pool->options.workers + 1, sizeof *polled);
    bool terminated = false;
    in_keeper = true;
    (void)pthread_setname_np(pthread_self(), "Keeper");
    while (polled && !is_over(pool)) {
        if (look(pool, &terminated)) {
            continue;
        }
        __atomic_store_n(&pool->area->listening, 1, __ATOMIC_SEQ_CST);
        if (!look(pool, &terminated) && !is_over(pool)) {
            await_news(pool, polled);
        }
    }
    free(polled);
    __atomic_store_n(&pool->finished, 1, __ATOMIC_RELEASE);
    (void)ilv__wake(&pool->finished, ILV__ALL);
    return NULL;
}
