/* SPDX-License-Identifier: MIT */
/*
 * queue_ring.c: first in, first out.
 *
 * Elements lie in a ring of slots, element n in slot n modulo their number. Putters hold put_lock,
 * getters lock; the two sides meet in tail and head alone.
 *
 * 1. Elements head to tail - 1 are queued; tail - head is at most the capacity.
 * 2. A put fills the slot, then stores tail: that store commits. A putter that dies before leaves a
 *    slot that the next fills again. Nothing is to be repaired.
 * 3. A get copies the slot out, then stores head: that store commits.
 * 4. A take copies the element into a free place, writes its number and its owner, and then
 *    stores head. A place with an owner counts only if its number is below head: one who died
 *    before the commit leaves a place that repair frees, under the lock.
 * 5. An element in a place is handed on by one store of its owner: to another taker, or to NOBODY
 *    by a get or done. Done needs no lock: only the owner does it. So what happened before a done
 *    is acquired by who next uses the place, and by a join; whoever else looks at owners has the
 *    lock.
 * 6. seen_head and seen_tail are old values: the other side's line is read only when they say full
 *    or empty.
 *
 * Who waits is told as queue.c says. What done does without the lock is ordered with those who
 * wait for it by sequentially consistent accesses: it writes an owner and reads waiting, they write
 * waiting and read the owner, and one of the two sees the other's.
 */
#include "queue_parts.h"

static void *slot(const struct ilv_queue *queue, uint64_t number)
{
    return (char *)(uintptr_t)queue + queue->slots_at + (number & queue->mask) * queue->size;
}

int ilv__ring_put(struct ilv_queue *queue, const void *element)
{
    int error = EPIPE;
    ilv__queue_lock(queue, &queue->put_lock);
    uint64_t tail = queue->tail;
    if (ilv__likely(!queue->closed)) {
        if (ilv__unlikely(tail - queue->seen_head >= queue->capacity)) {
            queue->seen_head = __atomic_load_n(&queue->head, __ATOMIC_ACQUIRE);
        }
        error = EAGAIN;
        if (tail - queue->seen_head < queue->capacity) {
            ilv__is_after(&queue->head);
            memcpy(slot(queue, tail), element, queue->size);
            ilv__is_before(&queue->tail);
            __atomic_store_n(&queue->tail, tail + 1, __ATOMIC_RELEASE);
            error = 0;
        }
    }
    bool awaited = ilv__queue_awaited(&queue->getters);
    ilv__queue_unlock(&queue->put_lock);
    if (ilv__unlikely(awaited && error == 0)) {
        ilv__queue_wake(&queue->getters);
    }
    return error;
}

void ilv__ring_repair(struct ilv_queue *queue)
{
    for (uint32_t i = 0; i < queue->places; i++) {
        struct ilv__place *place = ilv__queue_place(queue, i);
        if (place->number >= queue->head) {
            __atomic_store_n(&place->owner, ILV__NOBODY, __ATOMIC_RELAXED);
        }
    }
    __atomic_store_n(&queue->loose, 1, __ATOMIC_RELAXED);
}

static struct ilv__place *free_place(struct ilv_queue *queue, uint32_t *at)
{
    for (uint32_t i = 0; i < queue->places; i++) {
        uint32_t tried =
            queue->hint + i < queue->places ? queue->hint + i : queue->hint + i - queue->places;
        struct ilv__place *place = ilv__queue_place(queue, tried);
        if (ilv__queue_owner(queue, tried) == ILV__NOBODY) {
            ilv__is_after(place);
            queue->hint = tried;
            *at = tried;
            return place;
        }
    }
    return NULL;
}

static int take_first(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket)
{
    uint64_t head = queue->head;
    struct ilv__place *place = free_place(queue, &ticket->place);
    if (!place) {
        return EAGAIN;
    }
    memcpy(place->element, slot(queue, head), queue->size);
    memcpy(element, place->element, queue->size);
    ilv__is_before(&queue->head);
    __atomic_store_n(&place->number, head, __ATOMIC_RELAXED);
    ticket->number = head;
    __atomic_store_n(&place->owner, ilv__self_life(), __ATOMIC_RELEASE);
    __atomic_store_n(&queue->head, head + 1, __ATOMIC_RELEASE);
    return 0;
}

static int get_first(struct ilv_queue *queue, void *element)
{
    uint64_t head = queue->head;
    memcpy(element, slot(queue, head), queue->size);
    ilv__is_before(&queue->head);
    __atomic_store_n(&queue->head, head + 1, __ATOMIC_RELEASE);
    return 0;
}

static int deliver_again(struct ilv_queue *queue, uint32_t at, void *element,
                         struct ilv_queue_ticket *ticket)
{
    struct ilv__place *place = ilv__queue_place(queue, at);
    ilv__is_after(place);
    memcpy(element, place->element, queue->size);
    if (ticket) {
        *ticket = (struct ilv_queue_ticket){place->number, at};
    }
    __atomic_store_n(&place->owner, ticket ? ilv__self_life() : ILV__NOBODY, __ATOMIC_RELAXED);
    return 0;
}

static bool is_empty(struct ilv_queue *queue)
{
    if (ilv__unlikely(queue->seen_tail == queue->head)) {
        queue->seen_tail = __atomic_load_n(&queue->tail, __ATOMIC_ACQUIRE);
    }
    return queue->seen_tail == queue->head;
}

/* Whether it is time to look for what was put back or left by the dead. */
static bool look_due(struct ilv_queue *queue, bool thorough)
{
    if (!queue->places) {
        return false;
    }
    return thorough || queue->head % ILV__QUEUE_LOOK_EVERY == 0 ||
           __atomic_exchange_n(&queue->loose, 0, __ATOMIC_RELAXED);
}

int ilv__ring_get(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket,
                  bool thorough)
{
    uint32_t orphan;
    int error;
    ilv__queue_lock(queue, &queue->lock);
    uint32_t was_closed = __atomic_load_n(&queue->closed, __ATOMIC_ACQUIRE);
    if (look_due(queue, thorough) && ilv__queue_find_orphan(queue, &orphan)) {
        error = deliver_again(queue, orphan, element, ticket);
        __atomic_store_n(&queue->loose, 1, __ATOMIC_RELAXED);
    } else if (is_empty(queue)) {
        error = ilv__queue_nothing(queue, was_closed, thorough);
    } else {
        ilv__is_after(&queue->tail);
        error = ticket ? take_first(queue, element, ticket) : get_first(queue, element);
    }
    bool awaited = ilv__queue_awaited(&queue->putters);
    ilv__queue_unlock(&queue->lock);
    if (ilv__unlikely(awaited && error == 0)) {
        ilv__queue_wake(&queue->putters);
    }
    return error;
}

int ilv__ring_done(struct ilv_queue *queue, const struct ilv_queue_ticket *ticket, bool back)
{
    int error = ilv__queue_check(queue, ticket);
    uint64_t self = ilv__self_life();
    if (!error) {
        ilv__is_before(ilv__queue_place(queue, ticket->place));
    }
    if (!error && !__atomic_compare_exchange_n(&ilv__queue_place(queue, ticket->place)->owner,
                                               &self, back ? ILV__QUEUED : ILV__NOBODY, false,
                                               __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
        error = EINVAL;
    }
    if (!error && back) {
        __atomic_store_n(&queue->loose, 1, __ATOMIC_RELAXED);
    }
    return error;
}
