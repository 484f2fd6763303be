/* SPDX-License-Identifier: MIT */
/* queue_places.c: whose the elements are that were taken; see queue_ring.c and queue_heap.c. */
#include "queue_parts.h"

/* Whether a place with this owner is to be delivered again. The last life that was seen to go on
 * is not asked for again. */
static bool is_loose(uint64_t owner, uint64_t *lives)
{
    if (owner == ILV__QUEUED) {
        return true;
    }
    if (owner == ILV__NOBODY || owner == *lives) {
        return false;
    }
    if (!ilv__life_goes_on(owner)) {
        return true;
    }
    *lives = owner;
    return false;
}

static uint64_t number_of(const struct ilv_queue *queue, uint32_t at)
{
    return __atomic_load_n(&ilv__queue_place(queue, at)->number, __ATOMIC_RELAXED);
}

/* In a ring, a take that was not committed does not. */
static bool counts(const struct ilv_queue *queue, uint32_t at)
{
    return queue->order != ILV_QUEUE_FIFO ||
           number_of(queue, at) < __atomic_load_n(&queue->head, __ATOMIC_RELAXED);
}

struct ilv__census ilv__queue_census(const struct ilv_queue *queue)
{
    struct ilv__census census = {0, 0, 0};
    uint64_t self = queue->places ? ilv__self_life() : 0;
    uint64_t lives = self;
    for (uint32_t i = 0; i < queue->places; i++) {
        uint64_t owner = ilv__queue_owner(queue, i);
        if (!counts(queue, i)) {
            continue;
        }
        if (is_loose(owner, &lives)) {
            census.queued++;
        } else if (owner != ILV__NOBODY) {
            census.mine += owner == self;
            census.others += owner != self;
        }
    }
    return census;
}

bool ilv__queue_find_orphan(const struct ilv_queue *queue, uint32_t *at)
{
    uint64_t lives = ilv__self_life();
    bool heap = queue->order != ILV_QUEUE_FIFO;
    for (uint32_t i = 0; i < queue->places; i++) {
        uint64_t owner = ilv__queue_owner(queue, i);
        if (is_loose(owner, &lives) && !(heap && owner == ILV__QUEUED)) {
            *at = i;
            return true;
        }
    }
    return false;
}

int ilv__queue_check(const struct ilv_queue *queue, const struct ilv_queue_ticket *ticket)
{
    if (ticket->place >= queue->places) {
        return EINVAL;
    }
    uint64_t owner = ilv__queue_owner(queue, ticket->place);
    if (owner == ILV__NOBODY || owner == ILV__QUEUED ||
        number_of(queue, ticket->place) != ticket->number) {
        return EINVAL;
    }
    return owner == ilv__self_life() ? 0 : EPERM;
}

int ilv__queue_nothing(const struct ilv_queue *queue, uint32_t was_closed, bool thorough)
{
    if (!was_closed) {
        return EAGAIN;
    }
    if (!queue->hands) {
        return ENODATA;
    }
    if (!thorough) {
        return EAGAIN;
    }
    struct ilv__census census = ilv__queue_census(queue);
    return census.mine || !census.others ? ENODATA : EAGAIN;
}
