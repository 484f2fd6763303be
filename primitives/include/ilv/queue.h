/* SPDX-License-Identifier: MIT */
/*
 * queue.h: a bounded queue between threads, or between processes.
 *
 * Elements have one size and are copied in and out. The order is first in first out, last in first
 * out, or by priority (the least number first, equal ones in the order of their puts). The queue
 * lies in memory that the caller gives: any memory for threads, a shared mapping for processes, at
 * whatever address each has it.
 *
 *     struct ilv_queue_options options = {.capacity = 100, .size = sizeof(struct job),
 *                                         .shared = true};
 *     size_t size = ilv_queue_size(&options);
 *     struct ilv_queue *queue = mmap(NULL, size, PROT_READ | PROT_WRITE,
 *                                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
 *     ilv_queue_init(queue, size, &options);
 *
 *     producer:  while (more(&job)) ilv_queue_put(queue, &job);
 *                ilv_queue_close(queue);
 *     consumer:  while (ilv_queue_get(queue, &job) == 0) work(&job);
 *
 * Two ways to consume. get: the element is the caller's for good; if he dies, it is lost with him.
 * take: the element stays in the hands of the caller's process until ilv_queue_done(); if the
 * process dies before, it is delivered again, ahead of all others (of its priority). It is missed
 * when a getter finds nothing, or every few hundred elements. So an element is worked on at least
 * once by take, at most once by get. ilv_queue_join() waits until nothing is queued or in hand.
 *
 * Acknowledged. A put is in the queue when it has returned 0: no buffer, no helper thread; size,
 * empty and full are exact at the moment they look.
 *
 * Deaths, of a shared queue. A process may be killed (SIGKILL) at any instruction; then:
 * - every put that returned stands; one that was under way is in the queue or is not, whole;
 * - an element leaves by one store: it is in the queue, or with its getter, or in the taker's hand;
 *   at most the one in the hand of a killed getter is lost;
 * - nobody waits for the dead: locks are taken over, and one who was to be woken by the dead
 *   looks again within ILV_QUEUE_LOOK milliseconds.
 * A private queue dies with its process; in a forked child it is of no use.
 *
 * Memory order: what happened before a put is seen after the get or take of that element; what
 * happened before a done is seen after the join.
 *
 * Functions return 0 or an error number; EINVAL stands for a null or senseless argument, and for
 * memory that holds no queue. All but init and destroy may be called by all at any time.
 */
#ifndef ILV_QUEUE_H
#define ILV_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ILV_QUEUE_LOOK = 100 };

enum ilv_queue_order { ILV_QUEUE_FIFO, ILV_QUEUE_LIFO, ILV_QUEUE_PRIORITY };

struct ilv_queue_options {
    enum ilv_queue_order order;
    uint32_t capacity; /* most elements queued at once; 1 to 2^24 */
    uint32_t size;     /* of an element, in bytes; 1 to 2^24 */
    uint32_t hands;    /* most elements taken and not done at once; 0: no take; to 2^16 */
    bool shared;       /* between processes */
};

struct ilv_queue;

/* One element in hand; made by take, given back by done or put_back. */
struct ilv_queue_ticket {
    uint64_t number;
    uint32_t place;
};

/* The bytes that such a queue needs; 0 if the options make no sense. Never blocks. */
size_t ilv_queue_size(const struct ilv_queue_options *options);

/*
 * Makes an empty queue in the memory, which is aligned to 64 bytes. EINVAL; ENOSPC: size is too
 * small. If the caller dies in it, the memory holds no queue and every call says EINVAL.
 */
int ilv_queue_init(struct ilv_queue *queue, size_t size, const struct ilv_queue_options *options);

/* Ends its use: every later call says EINVAL, and those who wait in it return with EINVAL. The
 * memory is the caller's again once they have. */
int ilv_queue_destroy(struct ilv_queue *queue);

/* A private queue on the heap, or a shared one in a mapping that forked children inherit. NULL and
 * errno on failure. Free by ilv_queue_delete(), which is for the process that made it last. */
struct ilv_queue *ilv_queue_new(const struct ilv_queue_options *options);
int ilv_queue_delete(struct ilv_queue *queue);

/*
 * Puts a copy of an element; it is in the queue on return.
 *
 * EPIPE: closed. May block while the queue is full; try: EAGAIN instead; until: ETIMEDOUT at the
 * deadline (absolute, CLOCK_MONOTONIC; NULL: for ever). Puts of one thread keep their order. The
 * priority forms are for priority queues, where plain puts have priority 0: EINVAL elsewhere.
 */
int ilv_queue_put(struct ilv_queue *queue, const void *element);
int ilv_queue_try_put(struct ilv_queue *queue, const void *element);
int ilv_queue_put_until(struct ilv_queue *queue, const void *element,
                        const struct timespec *deadline);
int ilv_queue_put_priority(struct ilv_queue *queue, const void *element, int64_t priority);
int ilv_queue_try_put_priority(struct ilv_queue *queue, const void *element, int64_t priority);
int ilv_queue_put_priority_until(struct ilv_queue *queue, const void *element, int64_t priority,
                                 const struct timespec *deadline);

/*
 * Gets the next element for good.
 *
 * ENODATA: closed, nothing queued, and nothing in hand of another process that might come back
 * (while there is, the call waits). May block while the queue is empty; try: EAGAIN; until:
 * ETIMEDOUT. Waiters are served in no particular order.
 */
int ilv_queue_get(struct ilv_queue *queue, void *element);
int ilv_queue_try_get(struct ilv_queue *queue, void *element);
int ilv_queue_get_until(struct ilv_queue *queue, void *element, const struct timespec *deadline);

/*
 * Takes the next element in hand. As get; and it waits while all hands are full (try: EAGAIN).
 * ENOTSUP: a queue without hands.
 */
int ilv_queue_take(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket);
int ilv_queue_try_take(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket);
int ilv_queue_take_until(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket,
                         const struct timespec *deadline);

/*
 * The element of the ticket is worked on, or not and goes back to be delivered again. By any
 * thread of the process that took it. EINVAL: no such ticket, or done already. EPERM: in the hand
 * of another process. Never waits for more than a short lock.
 */
int ilv_queue_done(struct ilv_queue *queue, const struct ilv_queue_ticket *ticket);
int ilv_queue_put_back(struct ilv_queue *queue, const struct ilv_queue_ticket *ticket);

/*
 * Waits until nothing is queued and nothing in hand. What a dead taker held is queued again, and
 * so is waited for: somebody must consume it. Until: ETIMEDOUT. Try: EBUSY.
 */
int ilv_queue_join(struct ilv_queue *queue);
int ilv_queue_try_join(struct ilv_queue *queue);
int ilv_queue_join_until(struct ilv_queue *queue, const struct timespec *deadline);

/* No more puts; those who wait in one get EPIPE. Getters drain the queue, then see the end. Closing
 * again is 0. */
int ilv_queue_close(struct ilv_queue *queue);
bool ilv_queue_closed(const struct ilv_queue *queue);

/* How many are queued, those to be delivered again included; in hand are those that live takers
 * have. Never block. 0, true and false for what is no queue. */
size_t ilv_queue_count(const struct ilv_queue *queue);
size_t ilv_queue_in_hand(const struct ilv_queue *queue);
bool ilv_queue_empty(const struct ilv_queue *queue);
bool ilv_queue_full(const struct ilv_queue *queue);

#ifdef __cplusplus
}
#endif

#endif
