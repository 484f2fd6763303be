/* SPDX-License-Identifier: MIT */
/* pool_worker.c: what workers do; see pool.c for the rules. */
#include <sched.h>
#include <stdlib.h>

#include "pool_parts.h"

enum { SPINS = 40, YIELDS = 4 };

static bool is_empty(const struct ilv__area *area)
{
    return __atomic_load_n(&area->head, __ATOMIC_RELAXED) >=
           __atomic_load_n(&area->tail, __ATOMIC_RELAXED);
}

/* Gives the task at the head to the worker; false if there is none. */
bool ilv__claim(struct ilv_pool *pool, unsigned worker, uint32_t *slot)
{
    struct ilv__area *area = pool->area;
    uint64_t head = __atomic_load_n(&area->head, __ATOMIC_RELAXED);
    while (head < __atomic_load_n(&area->tail, __ATOMIC_SEQ_CST)) {
        uint32_t at = __atomic_load_n(&area->ring[head & pool->ring_mask], __ATOMIC_RELAXED);
        uint64_t waits = ilv__state(ILV__WAITS, 0, head);
        bool mine = __atomic_compare_exchange_n(&ilv__pool_slot(pool, at)->state, &waits,
                                                ilv__state(ILV__RUNS, worker, head), false,
                                                __ATOMIC_RELAXED, __ATOMIC_RELAXED);
        uint64_t passed = head;
        (void)__atomic_compare_exchange_n(&area->head, &passed, head + 1, false, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED);
        if (mine) {
            ilv__is_after(ilv__pool_slot(pool, at));
            *slot = at;
            return true;
        }
        head = __atomic_load_n(&area->head, __ATOMIC_RELAXED);
    }
    return false;
}

void ilv__slot_finish(struct ilv_pool *pool, uint32_t slot, uint64_t state)
{
    ilv__is_before(ilv__pool_slot(pool, slot));
    __atomic_store_n(&ilv__pool_slot(pool, slot)->state, state, __ATOMIC_RELEASE);
    (void)__atomic_fetch_or(&pool->area->done[slot / 64], 1ULL << slot % 64, __ATOMIC_SEQ_CST);
    ilv__keeper_tell(pool);
}

static int call_star(const struct ilv__slot *slot, const unsigned char *arguments, void *result)
{
    const void *pointers[ILV__COLUMNS];
    for (uint32_t i = 0; i < slot->columns; i++) {
        pointers[i] = arguments;
        arguments += ilv__up16(slot->column_size[i]);
    }
    return slot->star(pointers, result);
}

static void run(struct ilv_pool *pool, struct ilv__slot *slot)
{
    int *outcomes = ilv__slot_outcomes(pool, slot);
    unsigned char *result = (unsigned char *)outcomes + ilv__up16(slot->count * sizeof(int));
    const unsigned char *argument = slot->bytes;
    for (uint32_t i = 0; i < slot->count; i++) {
        outcomes[i] =
            slot->star ? call_star(slot, argument, result) : slot->function(argument, result);
        argument += slot->argument_size;
        result += slot->result_size;
    }
}

/* What a thread runs; its death is seen by the cleanup. */
struct running {
    struct ilv__worker *worker;
    uint32_t slot;
};

static void left_by_exit(void *argument)
{
    const struct running *running = argument;
    struct ilv_pool *pool = running->worker->pool;
    struct ilv__slot *slot = ilv__pool_slot(pool, running->slot);
    slot->cancelled = EOWNERDEAD;
    uint64_t number = slot->state >> 16;
    ilv__slot_finish(pool, running->slot, ilv__state(ILV__IS_DONE, running->worker->index, number));
    __atomic_store_n(&running->worker->ended, 1, __ATOMIC_SEQ_CST);
    ilv__keeper_tell(pool);
}

static void run_in_thread(struct ilv__worker *worker, uint32_t slot)
{
    struct running running = {worker, slot};
    pthread_cleanup_push(left_by_exit, &running);
    run(worker->pool, ilv__pool_slot(worker->pool, slot));
    pthread_cleanup_pop(0);
}

static void work(struct ilv__worker *worker, uint32_t at)
{
    struct ilv_pool *pool = worker->pool;
    struct ilv__slot *slot = ilv__pool_slot(pool, at);
    uint64_t number = __atomic_load_n(&slot->state, __ATOMIC_RELAXED) >> 16;
    if (pool->options.kind == ILV_POOL_THREADS) {
        run_in_thread(worker, at);
    } else {
        run(pool, slot);
    }
    ilv__slot_finish(pool, at, ilv__state(ILV__IS_DONE, worker->index, number));
}

static bool spin_until_some(const struct ilv__area *area)
{
    for (int i = 0; i < SPINS + YIELDS; i++) {
        if (!is_empty(area)) {
            return true;
        }
        if (i < SPINS) {
            ilv__pause();
        } else {
            (void)sched_yield();
        }
    }
    return false;
}

/* Waits for a task to claim; false when there will be none. */
static bool await_task(struct ilv__worker *worker, uint32_t *slot)
{
    struct ilv_pool *pool = worker->pool;
    struct ilv__area *area = pool->area;
    if (ilv__claim(pool, worker->index, slot) ||
        (spin_until_some(area) && ilv__claim(pool, worker->index, slot))) {
        return true;
    }
    for (;;) {
        uint32_t seen = __atomic_load_n(&area->sequence, __ATOMIC_ACQUIRE);
        __atomic_store_n(&area->waiting, 1, __ATOMIC_SEQ_CST);
        if (ilv__claim(pool, worker->index, slot)) {
            return true;
        }
        if (__atomic_load_n(&area->closing, __ATOMIC_RELAXED) && is_empty(area)) {
            return false;
        }
        (void)ilv__park(&area->sequence, seen, NULL, &area->reach);
    }
}

int ilv__worker_loop(struct ilv__worker *worker)
{
    struct ilv_pool *pool = worker->pool;
    unsigned left = pool->options.tasks_per_worker;
    uint32_t slot;
    int error = pool->options.initialise ? pool->options.initialise(pool->options.context) : 0;
    if (error) {
        __atomic_store_n(&pool->area->initialise_error, error, __ATOMIC_RELAXED);
        return ILV__GONE;
    }
    (void)__atomic_fetch_add(&pool->area->ready_workers, 1, __ATOMIC_RELAXED);
    while (await_task(worker, &slot)) {
        work(worker, slot);
        if (left && --left == 0) {
            break;
        }
    }
    return 0;
}
