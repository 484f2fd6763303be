/* SPDX-License-Identifier: MIT */
/* Internal to primitives: what the sources of queue.h share; queue.c says how it works. */
#ifndef ILV__QUEUE_PARTS_H
#define ILV__QUEUE_PARTS_H

#include <ilv/queue.h>

#include <errno.h>
#include <string.h>

#include "annotate.h"
#include "mutex.h"

#pragma GCC visibility push(hidden)

#define ILV__NOBODY 0ULL           /* owner: the place is free */
#define ILV__QUEUED UINT64_MAX     /* owner: the element waits to be delivered */
#define ILV__QUEUE_LINE 64         /* of a cache */
#define ILV__QUEUE_LOOK_EVERY 256U /* elements */

/* Those who wait for one thing. */
struct ilv__channel {
    uint32_t sequence;
    uint32_t waiting; /* 1: perhaps somebody parks on sequence, or is about to */
} __attribute__((aligned(ILV__QUEUE_LINE)));

/* One element of a heap, or in hand of a ring. */
struct ilv__place {
    uint64_t owner; /* NOBODY, QUEUED, or the life of the taker; its store commits */
    uint64_t number;
    int64_t priority; /* heap only */
    unsigned char element[];
};

struct ilv_queue {
    uint64_t magic; /* written last */
    enum ilv_queue_order order;
    uint32_t capacity;
    uint32_t size;
    uint32_t hands;
    uint32_t mask;   /* ring: its slots less one */
    uint32_t places; /* in the table of places: hands, and of a heap capacity more */
    uint32_t place_size;
    uint32_t reach; /* see park.h */
    uint64_t bytes;
    uint64_t places_at; /* offsets from the queue */
    uint64_t slots_at;  /* ring: elements */
    uint64_t index_at;  /* heap: order, then free places */

    /* Who puts in a ring. */
    struct ilv_mutex put_lock __attribute__((aligned(ILV__QUEUE_LINE)));
    uint64_t tail;      /* elements ever put; written under put_lock */
    uint64_t seen_head; /* an old head; guarded by put_lock */
    uint32_t closed;

    /* Who gets from a ring; everybody in a heap. */
    struct ilv_mutex lock __attribute__((aligned(ILV__QUEUE_LINE)));
    uint64_t head;      /* elements ever got or taken; written under lock */
    uint64_t seen_tail; /* guarded by lock */
    uint32_t loose;     /* 1: perhaps a place of the ring is queued */
    uint32_t hint;      /* where a place was free; guarded by lock */
    uint32_t ready;     /* heap: elements in order; written under lock, as what follows */
    uint32_t unused;    /* heap: free places */
    uint32_t taken;     /* heap */
    uint64_t next_number;

    struct ilv__channel getters;
    struct ilv__channel putters;
    struct ilv__channel joiners;
};

static inline struct ilv__place *ilv__queue_place(const struct ilv_queue *queue, uint32_t at)
{
    return (struct ilv__place *)(void *)((char *)(uintptr_t)queue + queue->places_at +
                                         (uint64_t)at * queue->place_size);
}

static inline uint64_t ilv__queue_owner(const struct ilv_queue *queue, uint32_t at)
{
    return __atomic_load_n(&ilv__queue_place(queue, at)->owner, __ATOMIC_SEQ_CST);
}

/* Locking the lock gave an error: after a death, repairs what it guards. */
void ilv__queue_locked_badly(struct ilv_queue *queue, struct ilv_mutex *lock, int error);

static inline void ilv__queue_lock(struct ilv_queue *queue, struct ilv_mutex *lock)
{
    int error = ilv__mutex_ready(lock, PTHREAD_MUTEX_ERRORCHECK);
    if (ilv__likely(error == 0))
        error = ilv__mutex_lock(lock);
    if (ilv__unlikely(error != 0))
        ilv__queue_locked_badly(queue, lock, error);
}

/* By its holder, so that the mutex is one. */
static inline void ilv__queue_unlock(struct ilv_mutex *lock)
{
    (void)ilv__mutex_unlock(lock);
}

/* Wakes all who wait in the channel. */
void ilv__queue_wake(struct ilv__channel *channel);

/* Whether somebody may wait in the channel; with the lock held that its waiters take before they
 * look for the last time. */
static inline bool ilv__queue_awaited(const struct ilv__channel *channel)
{
    return __atomic_load_n(&channel->waiting, __ATOMIC_RELAXED) != 0;
}

/* The calls below find the queue open to them or say EAGAIN, EPIPE (put), ENODATA (get). A look for
 * what the dead left is thorough when the caller is about to wait. Who waits for what was put, or
 * for the room, is woken. */

int ilv__ring_put(struct ilv_queue *queue, const void *element);
int ilv__ring_get(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket,
                  bool thorough);
int ilv__ring_done(struct ilv_queue *queue, const struct ilv_queue_ticket *ticket, bool back);
void ilv__ring_repair(struct ilv_queue *queue);

int ilv__heap_put(struct ilv_queue *queue, const void *element, int64_t priority);
int ilv__heap_get(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket,
                  bool thorough);
int ilv__heap_done(struct ilv_queue *queue, const struct ilv_queue_ticket *ticket, bool back);
void ilv__heap_repair(struct ilv_queue *queue);

/* Counts the places by whose they are: to be delivered (queued, or of the dead), in hand of the
 * caller's process, in hand of other live ones. */
struct ilv__census {
    uint32_t queued;
    uint32_t mine;
    uint32_t others;
};
struct ilv__census ilv__queue_census(const struct ilv_queue *queue);

/* The first place that is to be delivered again; false if there is none. */
bool ilv__queue_find_orphan(const struct ilv_queue *queue, uint32_t *at);

/* Whether the place is the ticket's and in the caller's hand: 0, EINVAL or EPERM. */
int ilv__queue_check(const struct ilv_queue *queue, const struct ilv_queue_ticket *ticket);

/* ENODATA if nothing can come any more to one who found nothing; else EAGAIN. */
int ilv__queue_nothing(const struct ilv_queue *queue, uint32_t was_closed, bool thorough);

#pragma GCC visibility pop

#endif
