/* SPDX-License-Identifier: MIT */
/* Internal to primitives: what the sources of pool.h share; pool.c says how it works. */
#ifndef ILV__POOL_PARTS_H
#define ILV__POOL_PARTS_H

#include <ilv/pool.h>
#include <ilv/process.h>

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "annotate.h"
#include "internal.h"

#pragma GCC visibility push(hidden)

enum { ILV__COLUMNS = 8, ILV__POOL_LINE = 64, ILV__GONE = 201 };

/* The state of a slot: what, by whom, which task; see pool.c. */
enum ilv__slot_state { ILV__FREE, ILV__WAITS, ILV__RUNS, ILV__IS_DONE };

static inline uint64_t ilv__state(enum ilv__slot_state what, unsigned worker, uint64_t number)
{
    return number << 16 | (uint64_t)worker << 2 | (uint64_t)what;
}

static inline enum ilv__slot_state ilv__state_what(uint64_t state)
{
    return (enum ilv__slot_state)(state & 3);
}

static inline unsigned ilv__state_worker(uint64_t state)
{
    return (unsigned)(state >> 2) & 0x3fff;
}

/* Shared with the workers. The parent writes all but state, error and results before WAITS. */
struct ilv__slot {
    uint64_t state;
    ilv_pool_function *function; /* or */
    ilv_pool_star *star;
    uint32_t count; /* of calls */
    uint32_t argument_size;
    uint32_t result_size;
    uint32_t columns;
    uint32_t column_size[ILV__COLUMNS];
    int cancelled; /* written by the parent, if it makes it DONE */
    unsigned char bytes[] __attribute__((aligned(16))); /* arguments, outcomes, results */
};

struct ilv__area {
    uint64_t head __attribute__((aligned(ILV__POOL_LINE)));
    uint64_t tail __attribute__((aligned(ILV__POOL_LINE)));
    uint32_t closing;
    uint32_t sequence __attribute__((aligned(ILV__POOL_LINE))); /* workers park here */
    uint32_t waiting;
    uint32_t reach;
    uint32_t listening __attribute__((aligned(ILV__POOL_LINE))); /* the keeper is to be told */
    int initialise_error;
    uint32_t ready_workers;                                       /* that were initialised, ever */
    uint64_t done[1024] __attribute__((aligned(ILV__POOL_LINE))); /* a bit a slot */
    uint32_t ring[];                                              /* slots, by their tasks */
};

struct ilv_future {
    uint32_t word; /* see pool_future.c */
    uint32_t refs;
    struct ilv_pool *pool;
    uint32_t slot;
    uint64_t number;
    int error;
    uint32_t count;
    size_t result_size; /* of all calls and their outcomes */
    ilv_pool_callback *callback;
    void *context;
    unsigned char result[] __attribute__((aligned(16)));
};

struct ilv__worker {
    struct ilv_pool *pool;
    unsigned index;
    struct ilv_process *process;
    pthread_t thread;
    bool runs;      /* read and written by the keeper, or before there is one */
    uint32_t ended; /* thread: about to end */
};

struct ilv_pool {
    struct ilv_pool_options options;
    ilv__life owner;
    struct ilv__area *area;
    size_t area_size;
    size_t slot_size;
    size_t slots_at;
    uint64_t ring_mask;
    int event;
    struct ilv__worker *workers;
    pthread_t keeper;
    bool keeper_joined;
    uint32_t finished; /* 1: the keeper has left; parked on */
    pthread_mutex_t lock;
    uint32_t *free_slots; /* guarded by lock, as what follows */
    uint32_t free_count;
    struct ilv_future **futures; /* of the slots */
    uint32_t outstanding;
    uint32_t room_sequence; /* parked on by who waits for a slot; moved and read under the lock */
    uint32_t room_waiting;
    bool closed;
    bool terminated;
    int broken; /* the error of the initialiser */
    unsigned bad_starts;
};

static inline struct ilv__slot *ilv__pool_slot(const struct ilv_pool *pool, uint32_t at)
{
    return (struct ilv__slot *)(void *)((char *)pool->area + pool->slots_at +
                                        (size_t)at * pool->slot_size);
}

static inline size_t ilv__up16(size_t size)
{
    return (size + 15) & ~(size_t)15;
}

/* Where a slot's outcomes, and its results, begin. */
static inline int *ilv__slot_outcomes(const struct ilv_pool *pool, struct ilv__slot *slot)
{
    return (int *)(void *)(slot->bytes + pool->options.room);
}

/* What one task holds. */
struct ilv__job {
    struct ilv_call call;
    ilv_pool_star *star;
    const struct ilv_column *columns;
    size_t column_count;
    size_t first; /* argument */
    size_t count;
};

/* Bytes of the outcomes and results of so many calls. */
static inline size_t ilv__job_results(size_t count, size_t result_size)
{
    return ilv__up16(count * sizeof(int)) + count * result_size;
}

int ilv__pool_submit(struct ilv_pool *pool, const struct ilv__job *job, bool wait,
                     struct ilv_future **future);
size_t ilv__pool_chunk(const struct ilv_pool *pool, const struct ilv__job *job, size_t count,
                       size_t chunk);

/* Workers. */
int ilv__worker_loop(struct ilv__worker *worker);
bool ilv__claim(struct ilv_pool *pool, unsigned worker, uint32_t *slot);
void ilv__slot_finish(struct ilv_pool *pool, uint32_t slot, uint64_t state);

/* The keeper. */
int ilv__worker_start(struct ilv__worker *worker);
void *ilv__keeper(void *argument);
void ilv__keeper_tell(struct ilv_pool *pool);

/* In the keeper of any pool, where nothing may wait for it. */
bool ilv__in_keeper(void);

/* Futures. */
struct ilv_future *ilv__future_new(struct ilv_pool *pool, const struct ilv__job *job,
                                   uint32_t refs);
void ilv__future_finish(struct ilv_future *future, int error);

#pragma GCC visibility pop

#endif
