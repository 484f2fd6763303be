/* SPDX-License-Identifier: MIT */
/*
 * queue.c: the calls of queue.h; waiting. Where elements lie, and what commits, is in queue_ring.c
 * and queue_heap.c.
 *
 * Waiting is the same for all: an attempt that says EAGAIN; some yields, which let a partner on
 * the same core work, and are a short spin beside one on another core, as waking across cores
 * costs far more than what is waited for usually takes; then a channel:
 *
 *     waiter                                   notifier
 *     read sequence
 *     lock: store waiting = 1                  lock: commit, load waiting
 *     attempt again                            if 1: store 0, sequence + 1, wake all
 *     park while sequence is what was read
 *
 * The lock is that under which is changed what the waiter waits for: putters' for getters in a
 * ring, else the other. If the waiter had it first, the notifier sees waiting; if not, the attempt
 * sees the commit. A join takes the lock in its attempt. What done does without a lock is ordered
 * by sequentially consistent accesses, see queue_ring.c. Closing and the end of a queue always
 * wake: who reads the sequence behind that has acquired them, and who read it before does not
 * park. valid(), and counts without the lock, order nothing: who has a queue's address was given
 * it behind its making. waiting is a flag and no count, so that the dead are not counted; it may
 * say 1 when nobody waits, which costs one system call. A notifier that dies before its wake, and
 * a waiter that dies with a wake meant for one, are made up for by the look of park.h.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "queue_parts.h"

#define MAGIC 0x31657565755176ULL
enum { MOST = 1 << 24, MOST_HANDS = 1 << 16, YIELDS = 30 };

static const struct timespec at_once = {0, 0};

/* What a call wants. */
struct request {
    struct ilv_queue *queue;
    const void *put;
    void *got;
    int64_t priority;
    struct ilv_queue_ticket *ticket;
};

static bool valid(const struct ilv_queue *queue)
{
    return queue && (uintptr_t)queue % ILV__QUEUE_LINE == 0 &&
           __atomic_load_n(&queue->magic, __ATOMIC_RELAXED) == MAGIC;
}

/* Locks. */

static void repair(struct ilv_queue *queue, const struct ilv_mutex *lock)
{
    if (queue->order != ILV_QUEUE_FIFO) {
        ilv__heap_repair(queue);
    } else if (lock == &queue->lock) {
        ilv__ring_repair(queue);
    }
}

void ilv__queue_locked_badly(struct ilv_queue *queue, struct ilv_mutex *lock, int error)
{
    if (error == EOWNERDEAD) {
        repair(queue, lock);
        error = ilv_mutex_consistent(lock);
    }
    if (error) {
        (void)fprintf(stderr, "ilv: the lock of a queue is broken: %s\n", strerror(error));
        abort();
    }
}

/* Making and ending. */

static bool sensible(const struct ilv_queue_options *options)
{
    return options && options->order <= ILV_QUEUE_PRIORITY && options->capacity > 0 &&
           options->capacity <= MOST && options->size > 0 && options->size <= MOST &&
           options->hands <= MOST_HANDS;
}

static uint64_t round_up(uint64_t value, uint64_t to)
{
    return (value + to - 1) / to * to;
}

static uint32_t slots_for(uint32_t capacity)
{
    uint32_t slots = 1;
    while (slots < capacity) {
        slots *= 2;
    }
    return slots;
}

static void lay_out(struct ilv_queue *queue, const struct ilv_queue_options *options)
{
    bool ring = options->order == ILV_QUEUE_FIFO;
    uint32_t slots = ring ? slots_for(options->capacity) : 0;
    *queue = (struct ilv_queue){.order = options->order,
                                .capacity = options->capacity,
                                .size = options->size,
                                .hands = options->hands,
                                .mask = ring ? slots - 1 : 0};
    queue->places = options->hands + (ring ? 0 : options->capacity);
    queue->place_size = (uint32_t)round_up(sizeof(struct ilv__place) + options->size, 8);
    queue->slots_at = sizeof *queue;
    queue->places_at = round_up(queue->slots_at + (uint64_t)slots * options->size, ILV__QUEUE_LINE);
    queue->index_at = queue->places_at + (uint64_t)queue->places * queue->place_size;
    queue->bytes = queue->index_at + (ring ? 0 : 2 * sizeof(uint32_t) * (uint64_t)queue->places);
    queue->reach = options->shared ? ILV__SHARED : ILV__PRIVATE;
}

size_t ilv_queue_size(const struct ilv_queue_options *options)
{
    if (!sensible(options)) {
        return 0;
    }
    struct ilv_queue plan;
    lay_out(&plan, options);
    return plan.bytes;
}

int ilv_queue_init(struct ilv_queue *queue, size_t size, const struct ilv_queue_options *options)
{
    if (!queue || !sensible(options) || (uintptr_t)queue % ILV__QUEUE_LINE) {
        return EINVAL;
    }
    if (size < ilv_queue_size(options)) {
        return ENOSPC;
    }
    __atomic_store_n(&queue->magic, 0, __ATOMIC_RELAXED);
    lay_out(queue, options);
    for (uint32_t i = 0; i < queue->places; i++) {
        *ilv__queue_place(queue, i) = (struct ilv__place){.owner = ILV__NOBODY};
    }
    if (options->order != ILV_QUEUE_FIFO) {
        ilv__heap_repair(queue);
    }
    __atomic_store_n(&queue->magic, MAGIC, __ATOMIC_RELEASE);
    return 0;
}

void ilv__queue_wake(struct ilv__channel *channel)
{
    __atomic_store_n(&channel->waiting, 0, __ATOMIC_RELAXED);
    (void)__atomic_fetch_add(&channel->sequence, 1, __ATOMIC_RELEASE);
    (void)ilv__wake(&channel->sequence, ILV__ALL);
}

static void notify(struct ilv__channel *channel)
{
    if (ilv__unlikely(__atomic_load_n(&channel->waiting, __ATOMIC_SEQ_CST))) {
        ilv__queue_wake(channel);
    }
}

static void wake_everybody(struct ilv_queue *queue)
{
    ilv__queue_wake(&queue->getters);
    ilv__queue_wake(&queue->putters);
    ilv__queue_wake(&queue->joiners);
}

int ilv_queue_destroy(struct ilv_queue *queue)
{
    if (!valid(queue)) {
        return EINVAL;
    }
    __atomic_store_n(&queue->magic, 0, __ATOMIC_RELAXED);
    wake_everybody(queue);
    return 0;
}

struct ilv_queue *ilv_queue_new(const struct ilv_queue_options *options)
{
    size_t size = round_up(ilv_queue_size(options), ILV__QUEUE_LINE);
    if (!size) {
        errno = EINVAL;
        return NULL;
    }
    void *memory = options->shared
                       ? mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
                       : aligned_alloc(ILV__QUEUE_LINE, size);
    if (!memory || memory == MAP_FAILED) {
        return NULL;
    }
    int error = ilv_queue_init(memory, size, options);
    return error ? NULL : memory;
}

int ilv_queue_delete(struct ilv_queue *queue)
{
    if (!queue) {
        return 0;
    }
    if (!valid(queue)) {
        return EINVAL;
    }
    size_t size = round_up(queue->bytes, ILV__QUEUE_LINE);
    bool shared = queue->reach == ILV__SHARED;
    if (!shared) {
        (void)ilv_queue_destroy(queue);
        free(queue);
        return 0;
    }
    return munmap(queue, size) == 0 ? 0 : errno;
}

/* Waiting. */

typedef int attempt(const struct request *request, bool thorough);
typedef bool looker(const struct ilv_queue *queue);

static bool yield_until(looker *ready, const struct ilv_queue *queue)
{
    for (int i = 0; i < YIELDS; i++) {
        (void)sched_yield();
        if (ready(queue)) {
            return true;
        }
    }
    return false;
}

/* Says that somebody waits, under the lock of those who could end it. */
static void announce(struct ilv_queue *queue, struct ilv__channel *channel)
{
    bool for_puts = queue->order == ILV_QUEUE_FIFO && channel == &queue->getters;
    struct ilv_mutex *lock = for_puts ? &queue->put_lock : &queue->lock;
    ilv__queue_lock(queue, lock);
    __atomic_store_n(&channel->waiting, 1, __ATOMIC_SEQ_CST);
    ilv__queue_unlock(lock);
}

static int wait_in(struct ilv__channel *channel, attempt *try, const struct request *request,
                   const struct timespec *deadline)
{
    int parked = 0;
    for (;;) {
        uint32_t seen = __atomic_load_n(&channel->sequence, __ATOMIC_ACQUIRE);
        if (!valid(request->queue)) {
            return EINVAL;
        }
        announce(request->queue, channel);
        int error = try(request, true);
        if (error != EAGAIN) {
            return error;
        }
        if (parked == ETIMEDOUT) {
            return ETIMEDOUT;
        }
        parked = ilv__park(&channel->sequence, seen, deadline, &request->queue->reach);
    }
}

/* After a first attempt that said EAGAIN. deadline: at_once for the trying forms. */
static __attribute__((noinline)) int persist(struct ilv__channel *channel, attempt *try,
                                             looker *ready, const struct request *request,
                                             const struct timespec *deadline)
{
    if (deadline == &at_once) {
        return try(request, true);
    }
    int error = EAGAIN;
    if (!deadline && yield_until(ready, request->queue)) {
        error = try(request, false);
    }
    return error == EAGAIN ? wait_in(channel, try, request, deadline) : error;
}

/* Putting. */

static uint32_t ring_count(const struct ilv_queue *queue)
{
    uint64_t head = __atomic_load_n(&queue->head, __ATOMIC_RELAXED);
    uint64_t tail = __atomic_load_n(&queue->tail, __ATOMIC_RELAXED);
    return tail - head > queue->capacity ? queue->capacity : (uint32_t)(tail - head);
}

/* Elements that nobody has in hand, without those that the dead had. */
static uint32_t ready_count(const struct ilv_queue *queue)
{
    return queue->order == ILV_QUEUE_FIFO ? ring_count(queue)
                                          : __atomic_load_n(&queue->ready, __ATOMIC_RELAXED);
}

static bool closed(const struct ilv_queue *queue)
{
    return __atomic_load_n(&queue->closed, __ATOMIC_RELAXED) != 0;
}

static bool has_room(const struct ilv_queue *queue)
{
    return ready_count(queue) < queue->capacity || closed(queue);
}

static bool has_element(const struct ilv_queue *queue)
{
    return ready_count(queue) > 0 || closed(queue);
}

static inline int put_once(struct ilv_queue *queue, const void *element, int64_t priority)
{
    return ilv__likely(queue->order == ILV_QUEUE_FIFO) ? ilv__ring_put(queue, element)
                                                       : ilv__heap_put(queue, element, priority);
}

static int try_putting(const struct request *request, bool thorough)
{
    (void)thorough;
    return put_once(request->queue, request->put, request->priority);
}

static __attribute__((noinline)) int put_later(struct ilv_queue *queue, const void *element,
                                               int64_t priority, const struct timespec *deadline)
{
    const struct request request = {.queue = queue, .put = element, .priority = priority};
    return persist(&queue->putters, try_putting, has_room, &request, deadline);
}

static inline int put(struct ilv_queue *queue, const void *element, int64_t priority,
                      bool by_priority, const struct timespec *deadline)
{
    if (!element || !valid(queue) || !ilv__deadline_valid(deadline) ||
        (by_priority && queue->order != ILV_QUEUE_PRIORITY)) {
        return EINVAL;
    }
    int error = put_once(queue, element, priority);
    return ilv__likely(error != EAGAIN) ? error : put_later(queue, element, priority, deadline);
}

int ilv_queue_put(struct ilv_queue *queue, const void *element)
{
    return put(queue, element, 0, false, NULL);
}

int ilv_queue_try_put(struct ilv_queue *queue, const void *element)
{
    return put(queue, element, 0, false, &at_once);
}

int ilv_queue_put_until(struct ilv_queue *queue, const void *element,
                        const struct timespec *deadline)
{
    return put(queue, element, 0, false, deadline);
}

int ilv_queue_put_priority(struct ilv_queue *queue, const void *element, int64_t priority)
{
    return put(queue, element, priority, true, NULL);
}

int ilv_queue_try_put_priority(struct ilv_queue *queue, const void *element, int64_t priority)
{
    return put(queue, element, priority, true, &at_once);
}

int ilv_queue_put_priority_until(struct ilv_queue *queue, const void *element, int64_t priority,
                                 const struct timespec *deadline)
{
    return put(queue, element, priority, true, deadline);
}

/* Getting. */

static __attribute__((noinline)) void wake_joiners(struct ilv_queue *queue)
{
    if (ready_count(queue) == 0) {
        ilv__queue_wake(&queue->joiners);
    }
}

static inline int get_once(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket,
                           bool thorough)
{
    int error = ilv__likely(queue->order == ILV_QUEUE_FIFO)
                    ? ilv__ring_get(queue, element, ticket, thorough)
                    : ilv__heap_get(queue, element, ticket, thorough);
    if (ilv__unlikely(__atomic_load_n(&queue->joiners.waiting, __ATOMIC_RELAXED)) && error == 0) {
        wake_joiners(queue);
    }
    return error;
}

static int try_getting(const struct request *request, bool thorough)
{
    return get_once(request->queue, request->got, request->ticket, thorough);
}

static __attribute__((noinline)) int get_later(struct ilv_queue *queue, void *element,
                                               struct ilv_queue_ticket *ticket,
                                               const struct timespec *deadline)
{
    const struct request request = {.queue = queue, .got = element, .ticket = ticket};
    return persist(&queue->getters, try_getting, has_element, &request, deadline);
}

static inline int get(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket,
                      const struct timespec *deadline)
{
    if (!element || !valid(queue) || !ilv__deadline_valid(deadline)) {
        return EINVAL;
    }
    int error = get_once(queue, element, ticket, false);
    return ilv__likely(error != EAGAIN) ? error : get_later(queue, element, ticket, deadline);
}

int ilv_queue_get(struct ilv_queue *queue, void *element)
{
    return get(queue, element, NULL, NULL);
}

int ilv_queue_try_get(struct ilv_queue *queue, void *element)
{
    return get(queue, element, NULL, &at_once);
}

int ilv_queue_get_until(struct ilv_queue *queue, void *element, const struct timespec *deadline)
{
    return get(queue, element, NULL, deadline);
}

static int take(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket,
                const struct timespec *deadline)
{
    if (!ticket || !valid(queue)) {
        return EINVAL;
    }
    return queue->hands ? get(queue, element, ticket, deadline) : ENOTSUP;
}

int ilv_queue_take(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket)
{
    return take(queue, element, ticket, NULL);
}

int ilv_queue_try_take(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket)
{
    return take(queue, element, ticket, &at_once);
}

int ilv_queue_take_until(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket,
                         const struct timespec *deadline)
{
    return take(queue, element, ticket, deadline);
}

static int give_back(struct ilv_queue *queue, const struct ilv_queue_ticket *ticket, bool back)
{
    if (!ticket || !valid(queue)) {
        return EINVAL;
    }
    ilv__is_before(&queue->joiners);
    int error = queue->order == ILV_QUEUE_FIFO ? ilv__ring_done(queue, ticket, back)
                                               : ilv__heap_done(queue, ticket, back);
    if (!error) {
        notify(&queue->getters);
        notify(&queue->joiners);
    }
    return error;
}

int ilv_queue_done(struct ilv_queue *queue, const struct ilv_queue_ticket *ticket)
{
    return give_back(queue, ticket, false);
}

int ilv_queue_put_back(struct ilv_queue *queue, const struct ilv_queue_ticket *ticket)
{
    return give_back(queue, ticket, true);
}

/* Joining, closing, counting. */

static bool all_done(struct ilv_queue *queue)
{
    ilv__queue_lock(queue, &queue->lock);
    bool done = ready_count(queue) == 0;
    for (uint32_t i = 0; done && i < queue->places; i++) {
        done = ilv__queue_owner(queue, i) == ILV__NOBODY;
    }
    ilv__queue_unlock(&queue->lock);
    ilv__is_after(&queue->joiners);
    return done;
}

static int try_joining(const struct request *request, bool thorough)
{
    (void)thorough;
    return all_done(request->queue) ? 0 : EAGAIN;
}

int ilv_queue_join_until(struct ilv_queue *queue, const struct timespec *deadline)
{
    if (!valid(queue) || !ilv__deadline_valid(deadline)) {
        return EINVAL;
    }
    const struct request request = {.queue = queue};
    return wait_in(&queue->joiners, try_joining, &request, deadline);
}

int ilv_queue_join(struct ilv_queue *queue)
{
    return ilv_queue_join_until(queue, NULL);
}

int ilv_queue_try_join(struct ilv_queue *queue)
{
    if (!valid(queue)) {
        return EINVAL;
    }
    return all_done(queue) ? 0 : EBUSY;
}

int ilv_queue_close(struct ilv_queue *queue)
{
    if (!valid(queue)) {
        return EINVAL;
    }
    struct ilv_mutex *lock = queue->order == ILV_QUEUE_FIFO ? &queue->put_lock : &queue->lock;
    ilv__queue_lock(queue, lock);
    __atomic_store_n(&queue->closed, 1, __ATOMIC_RELEASE);
    ilv__queue_unlock(lock);
    wake_everybody(queue);
    return 0;
}

bool ilv_queue_closed(const struct ilv_queue *queue)
{
    return valid(queue) && closed(queue);
}

size_t ilv_queue_count(const struct ilv_queue *queue)
{
    if (!valid(queue)) {
        return 0;
    }
    uint32_t in_places = queue->hands ? ilv__queue_census(queue).queued : 0;
    bool ring = queue->order == ILV_QUEUE_FIFO;
    return ring || !queue->hands ? (size_t)ready_count(queue) + (ring ? in_places : 0) : in_places;
}

size_t ilv_queue_in_hand(const struct ilv_queue *queue)
{
    if (!valid(queue) || !queue->hands) {
        return 0;
    }
    struct ilv__census census = ilv__queue_census(queue);
    return (size_t)census.mine + census.others;
}

bool ilv_queue_empty(const struct ilv_queue *queue)
{
    return ilv_queue_count(queue) == 0;
}

bool ilv_queue_full(const struct ilv_queue *queue)
{
    return valid(queue) && ready_count(queue) >= queue->capacity;
}
