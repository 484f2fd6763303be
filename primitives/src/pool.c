/* SPDX-License-Identifier: MIT */
/*
 * pool.c: making, submitting, closing.
 *
 * Tasks lie in slots of an area that the workers share; it holds no lock, so nobody can die with
 * one. Task n stands in ring[n modulo its size], and its slot's state tells who has it:
 *
 *     state                 by
 *     FREE                  the parent, under its lock
 *     -> WAITS(n)           submit; then tail = n + 1
 *     -> RUNS(n, worker)    a worker, by compare and exchange: this gives him the task
 *                           or who cancels it, as worker 0x3fff
 *     -> DONE(n, worker)    who runs it, after the results; then its bit in done, then the keeper
 *                           is told if it listens
 *     -> FREE               the keeper, which moved the results to the future
 *
 * head says where to look for the next WAITS. It is moved by whoever finds that its task waits no
 * more, not only by him who took that, so a death between the two stops nobody. A worker's
 * death at any point leaves either RUNS(n, worker), which the keeper makes DONE with EOWNERDEAD
 * once it has seen the death, or DONE without its bit, which it sets. The keeper waits for the
 * workers' deaths and for a counter (eventfd) at once, so no wake-up depends on the dead.
 *
 * An old head costs a look more and no task, so head needs no memory order; who finds one that is
 * newer than his tail finds nothing. What a task is made of is released with tail, and acquired
 * with it by who claims; who cancels was given the future, or has taken the lock, behind the
 * submit. So states need no order but DONE, which results go before even where the worker dies
 * behind it. What a worker did is released with its bit in done, or known because it was joined.
 *
 * closing needs none either: waking the workers is unconditional, so that who read the sequence
 * before does not park, and who acquired it sees closing. A worker that leaves too early, with an
 * old tail, is replaced: that is decided under the lock.
 *
 * ring is so long that tail cannot overtake head: at most as many tasks wait as there are slots,
 * and submit moves head over cancelled ones.
 *
 * Order of locks: a pool's lock, then those of processes. Callbacks are called with none.
 */
#include <sched.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pool_parts.h"

enum { TASKS = 1024, MOST_TASKS = 65536, MOST_WORKERS = 1024, ROOM = 2048 };

#define MOST_ROOM ((size_t)1 << 30)

static unsigned processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

static bool settle_options(struct ilv_pool_options *options)
{
    options->workers = options->workers ? options->workers : processors();
    options->tasks = options->tasks ? options->tasks : TASKS;
    options->room = ilv__up16(options->room ? options->room : ROOM);
    return options->kind <= ILV_POOL_PROCESSES && options->workers <= MOST_WORKERS &&
           options->tasks <= MOST_TASKS && options->room <= MOST_ROOM;
}

static int make_area(struct ilv_pool *pool)
{
    size_t ring = 64;
    while (ring < pool->options.tasks * (size_t)2) {
        ring *= 2;
    }
    pool->ring_mask = ring - 1;
    pool->slots_at = (sizeof(struct ilv__area) + ring * sizeof(uint32_t) + 63) / 64 * 64;
    size_t slot = sizeof(struct ilv__slot) + 2 * pool->options.room + 16;
    pool->slot_size = (slot + 63) / 64 * 64;
    pool->area_size = pool->slots_at + pool->options.tasks * pool->slot_size;
    int sharing = pool->options.kind == ILV_POOL_PROCESSES ? MAP_SHARED : MAP_PRIVATE;
    void *area =
        mmap(NULL, pool->area_size, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED) {
        return ENOMEM;
    }
    pool->area = area;
    pool->area->reach = sharing == MAP_SHARED ? ILV__SHARED : ILV__PRIVATE;
    return 0;
}

static int make_tables(struct ilv_pool *pool)
{
    pool->workers = calloc(pool->options.workers, sizeof *pool->workers);
    pool->free_slots = calloc(pool->options.tasks, sizeof *pool->free_slots);
    pool->futures = calloc(pool->options.tasks, sizeof(struct ilv_future *));
    if (!pool->workers || !pool->free_slots || !pool->futures) {
        return ENOMEM;
    }
    for (unsigned i = 0; i < pool->options.workers; i++) {
        pool->workers[i] = (struct ilv__worker){.pool = pool, .index = i};
    }
    for (unsigned i = pool->options.tasks; i-- > 0;) {
        pool->free_slots[pool->free_count++] = i;
    }
    pool->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return pool->event < 0 ? errno : make_area(pool);
}

static void unmake(struct ilv_pool *pool)
{
    if (pool->area) {
        (void)munmap(pool->area, pool->area_size);
    }
    if (pool->event >= 0) {
        (void)close(pool->event);
    }
    free(pool->workers);
    free(pool->free_slots);
    free(pool->futures);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool);
}

static void wake_workers(struct ilv__area *area)
{
    __atomic_store_n(&area->waiting, 0, __ATOMIC_RELAXED);
    (void)__atomic_fetch_add(&area->sequence, 1, __ATOMIC_RELEASE);
    (void)ilv__wake(&area->sequence, ILV__ALL);
}

static void end_workers(struct ilv_pool *pool)
{
    __atomic_store_n(&pool->area->closing, 1, __ATOMIC_RELAXED);
    wake_workers(pool->area);
    for (unsigned i = 0; i < pool->options.workers; i++) {
        struct ilv__worker *worker = &pool->workers[i];
        if (worker->runs && worker->process) {
            (void)ilv_process_join(worker->process);
            (void)ilv_process_free(worker->process);
        } else if (worker->runs) {
            (void)pthread_join(worker->thread, NULL);
        }
    }
}

static int start_all(struct ilv_pool *pool)
{
    int error = 0;
    for (unsigned i = 0; !error && i < pool->options.workers; i++) {
        error = ilv__worker_start(&pool->workers[i]);
    }
    if (!error) {
        error = pthread_create(&pool->keeper, NULL, ilv__keeper, pool);
    }
    if (error) {
        end_workers(pool);
    }
    return error;
}

int ilv_pool_new(struct ilv_pool **out, const struct ilv_pool_options *options)
{
    struct ilv_pool_options settled = options ? *options : (struct ilv_pool_options){0};
    if (!out || !settle_options(&settled)) {
        return EINVAL;
    }
    struct ilv_pool *pool = calloc(1, sizeof *pool);
    if (!pool) {
        return ENOMEM;
    }
    pool->options = settled;
    pool->owner = ilv__self_life();
    pool->event = -1;
    (void)pthread_mutex_init(&pool->lock, NULL);
    int error = make_tables(pool);
    error = error ? error : start_all(pool);
    if (error) {
        unmake(pool);
        return error;
    }
    *out = pool;
    return 0;
}

/* 0, or why the caller may do nothing with it. */
static int check(const struct ilv_pool *pool)
{
    return !pool ? EINVAL : pool->owner == ilv__self_life() ? 0 : EPERM;
}

/* Submitting. */

static size_t argument_stride(const struct ilv__job *job)
{
    size_t stride = job->star ? 0 : job->call.argument_size;
    for (size_t i = 0; job->star && i < job->column_count; i++) {
        stride += ilv__up16(job->columns[i].size);
    }
    return stride;
}

static bool fits(const struct ilv_pool *pool, const struct ilv__job *job)
{
    size_t room = pool->options.room;
    size_t stride = argument_stride(job);
    return stride <= room && job->call.result_size <= room && job->count <= room &&
           stride * job->count <= room &&
           ilv__job_results(job->count, job->call.result_size) <= room + 16;
}

size_t ilv__pool_chunk(const struct ilv_pool *pool, const struct ilv__job *job, size_t count,
                       size_t chunk)
{
    struct ilv__job tried = *job;
    size_t share = pool->options.workers * (size_t)4;
    tried.count = chunk ? chunk : (count + share - 1) / share;
    tried.count = tried.count > count ? count : tried.count;
    while (tried.count > 1 && !fits(pool, &tried)) {
        tried.count = tried.count / 2;
    }
    return fits(pool, &tried) ? tried.count : 0;
}

static void fill_star(struct ilv__slot *slot, const struct ilv__job *job)
{
    unsigned char *to = slot->bytes;
    slot->columns = (uint32_t)job->column_count;
    for (size_t c = 0; c < job->column_count; c++) {
        slot->column_size[c] = (uint32_t)job->columns[c].size;
    }
    for (size_t i = job->first; i < job->first + job->count; i++) {
        for (size_t c = 0; c < job->column_count; c++) {
            const struct ilv_column *column = &job->columns[c];
            const unsigned char *from = column->arguments;
            memcpy(to, from + i * column->size, column->size);
            to += ilv__up16(column->size);
        }
    }
}

static void fill(struct ilv__slot *slot, const struct ilv__job *job)
{
    slot->function = job->call.function;
    slot->star = job->star;
    slot->count = (uint32_t)job->count;
    slot->argument_size = (uint32_t)argument_stride(job);
    slot->result_size = (uint32_t)job->call.result_size;
    slot->cancelled = 0;
    if (job->star) {
        fill_star(slot, job);
    } else if (job->call.argument_size) {
        const unsigned char *from = job->call.argument;
        memcpy(slot->bytes, from + job->first * job->call.argument_size,
               job->count * job->call.argument_size);
    }
}

/* Moves head over a task that waits no more, if the ring is full of them: as each submit does so,
 * there is room then for the one that is entered. */
static void make_way(struct ilv_pool *pool, uint64_t tail)
{
    struct ilv__area *area = pool->area;
    uint64_t head = __atomic_load_n(&area->head, __ATOMIC_RELAXED);
    if (tail - head > pool->ring_mask) {
        (void)__atomic_compare_exchange_n(&area->head, &head, head + 1, false, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED);
    }
}

/* Under the lock, with a free slot. */
static void enter(struct ilv_pool *pool, const struct ilv__job *job, struct ilv_future *future)
{
    struct ilv__area *area = pool->area;
    uint32_t at = pool->free_slots[--pool->free_count];
    struct ilv__slot *slot = ilv__pool_slot(pool, at);
    uint64_t tail = area->tail;
    fill(slot, job);
    pool->futures[at] = future;
    if (future) {
        future->slot = at;
        future->number = tail;
    }
    pool->outstanding++;
    make_way(pool, tail);
    __atomic_store_n(&area->ring[tail & pool->ring_mask], at, __ATOMIC_RELAXED);
    ilv__is_before(slot);
    __atomic_store_n(&slot->state, ilv__state(ILV__WAITS, 0, tail), __ATOMIC_RELAXED);
    __atomic_store_n(&area->tail, tail + 1, __ATOMIC_SEQ_CST);
}

/* Under the lock: waits for a free slot. */
static int await_room(struct ilv_pool *pool, bool wait)
{
    for (;;) {
        if (pool->closed || pool->broken) {
            return pool->closed ? EPIPE : pool->broken;
        }
        if (pool->free_count) {
            return 0;
        }
        if (!wait || ilv__in_keeper()) {
            return wait ? EDEADLK : EAGAIN;
        }
        static uint32_t reach = ILV__PRIVATE;
        uint32_t seen = __atomic_load_n(&pool->room_sequence, __ATOMIC_RELAXED);
        pool->room_waiting = 1;
        (void)pthread_mutex_unlock(&pool->lock);
        (void)ilv__park(&pool->room_sequence, seen, NULL, &reach);
        (void)pthread_mutex_lock(&pool->lock);
    }
}

int ilv__pool_submit(struct ilv_pool *pool, const struct ilv__job *job, bool wait,
                     struct ilv_future **future)
{
    struct ilv_future *made = NULL;
    if (future || job->call.callback) {
        made = ilv__future_new(pool, job, future ? 2 : 1);
        if (!made) {
            return ENOMEM;
        }
    }
    (void)pthread_mutex_lock(&pool->lock);
    int error = await_room(pool, wait);
    if (!error) {
        enter(pool, job, made);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    if (error) {
        free(made);
        return error;
    }
    if (__atomic_load_n(&pool->area->waiting, __ATOMIC_SEQ_CST)) {
        wake_workers(pool->area);
    }
    if (future) {
        *future = made;
    }
    return 0;
}

static int submit(struct ilv_pool *pool, const struct ilv_call *call, bool wait,
                  struct ilv_future **future)
{
    int error = check(pool);
    if (error) {
        return error;
    }
    if (!call || !call->function || (!call->argument && call->argument_size)) {
        return EINVAL;
    }
    const struct ilv__job job = {.call = *call, .count = 1};
    return fits(pool, &job) ? ilv__pool_submit(pool, &job, wait, future) : E2BIG;
}

int ilv_pool_submit(struct ilv_pool *pool, const struct ilv_call *call, struct ilv_future **future)
{
    return submit(pool, call, true, future);
}

int ilv_pool_try_submit(struct ilv_pool *pool, const struct ilv_call *call,
                        struct ilv_future **future)
{
    return submit(pool, call, false, future);
}

int ilv_pool_apply(struct ilv_pool *pool, const struct ilv_call *call, void *result)
{
    struct ilv_future *future = NULL;
    if (ilv__in_keeper()) {
        return EDEADLK;
    }
    int error = ilv_pool_submit(pool, call, &future);
    if (!error) {
        (void)ilv_future_wait(future);
        error = ilv_future_outcome(future, result);
        ilv_future_free(future);
    }
    return error;
}

/* Ending. */

static int stop(struct ilv_pool *pool, bool terminate)
{
    int error = check(pool);
    if (error) {
        return error;
    }
    (void)pthread_mutex_lock(&pool->lock);
    pool->closed = true;
    pool->terminated |= terminate;
    pool->room_waiting = 0;
    (void)__atomic_fetch_add(&pool->room_sequence, 1, __ATOMIC_RELAXED);
    (void)pthread_mutex_unlock(&pool->lock);
    (void)ilv__wake(&pool->room_sequence, ILV__ALL);
    __atomic_store_n(&pool->area->closing, 1, __ATOMIC_RELAXED);
    wake_workers(pool->area);
    ilv__keeper_tell(pool);
    return 0;
}

int ilv_pool_close(struct ilv_pool *pool)
{
    return stop(pool, false);
}

int ilv_pool_terminate(struct ilv_pool *pool)
{
    return stop(pool, true);
}

static bool is_closed(struct ilv_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    bool closed = pool->closed;
    (void)pthread_mutex_unlock(&pool->lock);
    return closed;
}

int ilv_pool_join_until(struct ilv_pool *pool, const struct timespec *deadline)
{
    static uint32_t reach = ILV__PRIVATE;
    int error = check(pool);
    if (error || !ilv__deadline_valid(deadline)) {
        return error ? error : EINVAL;
    }
    if (!is_closed(pool)) {
        return EBUSY;
    }
    if (ilv__in_keeper()) {
        return EDEADLK;
    }
    while (!error && !__atomic_load_n(&pool->finished, __ATOMIC_RELAXED)) {
        error = ilv__park(&pool->finished, 0, deadline, &reach);
    }
    return __atomic_load_n(&pool->finished, __ATOMIC_ACQUIRE) ? 0 : error;
}

int ilv_pool_join(struct ilv_pool *pool)
{
    return ilv_pool_join_until(pool, NULL);
}

int ilv_pool_free(struct ilv_pool *pool)
{
    int error = pool ? check(pool) : 0;
    if (error || !pool) {
        return error;
    }
    if (!__atomic_load_n(&pool->finished, __ATOMIC_RELAXED)) {
        return EBUSY;
    }
    (void)pthread_join(pool->keeper, NULL);
    unmake(pool);
    return 0;
}

unsigned ilv_pool_workers(struct ilv_pool *pool)
{
    return pool ? pool->options.workers : 0;
}

int ilv_pool_worker_pid(struct ilv_pool *pool, unsigned worker)
{
    if (check(pool) || worker >= pool->options.workers) {
        return 0;
    }
    (void)pthread_mutex_lock(&pool->lock);
    int pid = ilv_process_pid(pool->workers[worker].process);
    (void)pthread_mutex_unlock(&pool->lock);
    return pid;
}
