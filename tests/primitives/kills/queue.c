/* SPDX-License-Identifier: MIT */
/*
 * Kinds of queues. Actors with an even number put elements, each its own and numbered; those
 * with an odd one get them, or take them and say that they are done. Every element is
 * accounted for.
 */
#include <errno.h>
#include <ilv/queue.h>
#include <stdlib.h>

#include "kills.h"

enum {
    CAPACITY = 20,
    HANDS = ACTORS,
    NUMBERED = 1 << 22, /* elements of an actor that are accounted for */
    UNNUMBERED = ACTORS,
};

struct queue_world {
    struct ilv_queue *queue;
    enum ilv_queue_order order;
    bool takes;
    struct counts puts;
    struct counts gets;
    uint8_t told[ACTORS][NUMBERED]; /* that its put returned */
    uint8_t seen[ACTORS][NUMBERED]; /* so many times */
};

static void prepare(struct queue_world *world, enum ilv_queue_order order, bool takes)
{
    const struct ilv_queue_options options = {.order = order,
                                              .capacity = CAPACITY,
                                              .size = sizeof(uint64_t),
                                              .hands = takes ? HANDS : 0,
                                              .shared = true};
    world->queue = ilv_queue_new(&options);
    world->order = order;
    world->takes = takes;
    if (world->queue == NULL)
        abort();
}

static void prepare_fifo(void *own)
{
    prepare(own, ILV_QUEUE_FIFO, false);
}

static void prepare_fifo_take(void *own)
{
    prepare(own, ILV_QUEUE_FIFO, true);
}

static void prepare_lifo(void *own)
{
    prepare(own, ILV_QUEUE_LIFO, false);
}

static void prepare_priority_take(void *own)
{
    prepare(own, ILV_QUEUE_PRIORITY, true);
}

static int put_somehow(struct queue_world *world, const uint64_t *element)
{
    const struct timespec deadline = soon();
    uint64_t form = chance(4);
    if (world->order == ILV_QUEUE_PRIORITY)
        return ilv_queue_put_priority(world->queue, element, (int64_t)chance(5));
    if (form == 0)
        return ilv_queue_try_put(world->queue, element);
    return form == 1 ? ilv_queue_put_until(world->queue, element, &deadline)
                     : ilv_queue_put(world->queue, element);
}

static const char *put(struct queue_world *world, unsigned actor)
{
    int error;
    count_try(&world->puts, actor);
    uint64_t number = world->puts.tried[actor];
    bool numbered = number < NUMBERED;
    uint64_t element = numbered ? (uint64_t)actor << 32 | number : (uint64_t)UNNUMBERED << 32;
    do
        error = put_somehow(world, &element);
    while (error == EAGAIN || error == ETIMEDOUT);
    if (error != 0)
        return "nothing can be put";
    if (numbered)
        __atomic_store_n(&world->told[actor][number], 1, __ATOMIC_RELEASE);
    count_done(&world->puts, actor);
    return NULL;
}

static bool see(struct queue_world *world, uint64_t element)
{
    uint64_t actor = element >> 32;
    uint64_t number = element & UINT32_MAX;
    if (actor == UNNUMBERED)
        return number == 0;
    if (actor >= ACTORS || number == 0 || number >= NUMBERED || number > world->puts.tried[actor])
        return false;
    __atomic_fetch_add(&world->seen[actor][number], 1, __ATOMIC_RELAXED);
    return true;
}

static int get_somehow(struct ilv_queue *queue, uint64_t *element)
{
    const struct timespec deadline = soon();
    uint64_t form = chance(4);
    if (form == 0)
        return ilv_queue_try_get(queue, element);
    return form == 1 ? ilv_queue_get_until(queue, element, &deadline)
                     : ilv_queue_get(queue, element);
}

static int take_somehow(struct ilv_queue *queue, uint64_t *element, struct ilv_queue_ticket *ticket)
{
    const struct timespec deadline = soon();
    uint64_t form = chance(4);
    if (form == 0)
        return ilv_queue_try_take(queue, element, ticket);
    return form == 1 ? ilv_queue_take_until(queue, element, ticket, &deadline)
                     : ilv_queue_take(queue, element, ticket);
}

static const char *get(struct queue_world *world, unsigned actor)
{
    struct ilv_queue_ticket ticket;
    uint64_t element = 0;
    int error;
    count_try(&world->gets, actor);
    do
        error = world->takes ? take_somehow(world->queue, &element, &ticket)
                             : get_somehow(world->queue, &element);
    while (error == EAGAIN || error == ETIMEDOUT);
    if (error != 0 || !see(world, element))
        return error != 0 ? "nothing can be got" : "an element was never put";
    if (world->takes && ilv_queue_done(world->queue, &ticket) != 0)
        return "what was taken cannot be done";
    count_done(&world->gets, actor);
    return NULL;
}

static const char *use_queue(void *own, unsigned actor)
{
    return actor % 2 == 0 ? put(own, actor) : get(own, actor);
}

/* Acknowledged and never seen, and seen again. */
static void account(const struct queue_world *world, uint64_t *lost, uint64_t *again)
{
    for (unsigned actor = 0; actor < ACTORS; actor += 2) {
        uint64_t most = world->puts.tried[actor];
        for (uint64_t number = 1; number <= most && number < NUMBERED; number++) {
            uint8_t seen = world->seen[actor][number];
            *lost += seen == 0 && world->told[actor][number] != 0;
            *again += seen > 1 ? seen - 1U : 0;
        }
    }
}

static bool drain(struct queue_world *world)
{
    uint64_t element;
    size_t left = ilv_queue_count(world->queue) + ilv_queue_in_hand(world->queue);
    for (; ilv_queue_try_get(world->queue, &element) == 0; left--)
        if (!see(world, element))
            return false;
    return left == 0 && ilv_queue_empty(world->queue) && ilv_queue_try_join(world->queue) == 0;
}

static const char *judge_queue(void *own, struct outcome *outcome)
{
    struct queue_world *world = own;
    uint64_t lost = 0;
    uint64_t again = 0;
    if (!drain(world))
        return "what is left is not what is counted";
    account(world, &lost, &again);
    uint64_t getters = all_tried(&world->gets) - all_acknowledged(&world->gets);
    outcome->acknowledged += all_acknowledged(&world->puts);
    outcome->unknown += all_tried(&world->puts) - all_acknowledged(&world->puts);
    outcome->lost += lost;
    outcome->told += again;
    if (lost > (world->takes ? 0 : getters))
        return "more elements are lost than getters were killed";
    if (again > (world->takes ? getters : 0))
        return "an element was got twice";
    return ilv_queue_delete(world->queue) == 0 ? NULL : "it cannot be deleted";
}

static const char one_in_hand[] = "at most the one in the hand of each getter killed amid a get";
static const char again[] = "none may be lost; what a dead taker had in hand comes again";

#define QUEUE_KIND(called, may_be, prepares)                                                     \
    {                                                                                            \
        .name = (called), .things = "puts", .told = "came again", .why = (may_be),               \
        .size = sizeof(struct queue_world), .worlds = 4, .longest = 4000, .prepare = (prepares), \
        .work = use_queue, .judge = judge_queue                                                  \
    }

const struct kind queue_kinds[] = {
    QUEUE_KIND("queue_fifo", one_in_hand, prepare_fifo),
    QUEUE_KIND("queue_fifo_take", again, prepare_fifo_take),
    QUEUE_KIND("queue_lifo", one_in_hand, prepare_lifo),
    QUEUE_KIND("queue_priority_take", again, prepare_priority_take),
    {.name = NULL},
};
