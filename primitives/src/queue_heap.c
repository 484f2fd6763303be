/* SPDX-License-Identifier: MIT */
/*
 * queue_heap.c: by priority, and last in, first out.
 *
 * Elements lie in places, in no order. The owner word of a place says whether it is free, queued or
 * taken and by whom, and one store of it commits every change. All else is derived from the places:
 * a binary heap of the queued ones, a stack of the free ones, and counts. Who finds that the holder
 * of the lock died makes all that anew, whatever the dead had done to it. Everything is guarded by
 * lock, which orders it; the owner, ready and closed are also read without, for counts. The owner
 * is released, so that the compiler leaves behind it what it commits.
 */
#include "queue_parts.h"

static uint32_t *heap_of(const struct ilv_queue *queue)
{
    return (uint32_t *)(void *)((char *)(uintptr_t)queue + queue->index_at);
}

static uint32_t *free_of(const struct ilv_queue *queue)
{
    return heap_of(queue) + queue->places;
}

/* Whether place a is delivered before b. */
static bool before(const struct ilv_queue *queue, uint32_t a, uint32_t b)
{
    const struct ilv__place *left = ilv__queue_place(queue, a);
    const struct ilv__place *right = ilv__queue_place(queue, b);
    if (queue->order == ILV_QUEUE_LIFO) {
        return left->number > right->number;
    }
    return left->priority < right->priority ||
           (left->priority == right->priority && left->number < right->number);
}

static void swap(uint32_t *a, uint32_t *b)
{
    uint32_t kept = *a;
    *a = *b;
    *b = kept;
}

static void sift_up(const struct ilv_queue *queue, uint32_t at)
{
    uint32_t *heap = heap_of(queue);
    while (at > 0 && before(queue, heap[at], heap[(at - 1) / 2])) {
        swap(&heap[at], &heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static void sift_down(const struct ilv_queue *queue, uint32_t at)
{
    uint32_t *heap = heap_of(queue);
    for (;;) {
        uint32_t first = at;
        for (uint32_t child = 2 * at + 1; child <= 2 * at + 2 && child < queue->ready; child++) {
            first = before(queue, heap[child], heap[first]) ? child : first;
        }
        if (first == at) {
            return;
        }
        swap(&heap[at], &heap[first]);
        at = first;
    }
}

static void set_ready(struct ilv_queue *queue, uint32_t count)
{
    __atomic_store_n(&queue->ready, count, __ATOMIC_RELAXED);
}

static void push(struct ilv_queue *queue, uint32_t at)
{
    uint32_t count = queue->ready;
    heap_of(queue)[count] = at;
    set_ready(queue, count + 1);
    sift_up(queue, count);
}

static uint32_t pop(struct ilv_queue *queue)
{
    uint32_t *heap = heap_of(queue);
    uint32_t first = heap[0];
    set_ready(queue, queue->ready - 1);
    heap[0] = heap[queue->ready];
    sift_down(queue, 0);
    return first;
}

static void set_owner(struct ilv__place *place, uint64_t owner)
{
    __atomic_store_n(&place->owner, owner, __ATOMIC_RELEASE);
}

static void set_number(struct ilv_queue *queue, struct ilv__place *place)
{
    __atomic_store_n(&place->number, queue->next_number++, __ATOMIC_RELAXED);
}

void ilv__heap_repair(struct ilv_queue *queue)
{
    uint32_t ready = 0;
    queue->unused = 0;
    queue->taken = 0;
    for (uint32_t i = 0; i < queue->places; i++) {
        const struct ilv__place *place = ilv__queue_place(queue, i);
        if (place->owner == ILV__QUEUED) {
            heap_of(queue)[ready++] = i;
        } else if (place->owner == ILV__NOBODY) {
            free_of(queue)[queue->unused++] = i;
        } else {
            queue->taken++;
        }
        if (queue->next_number <= place->number) {
            queue->next_number = place->number + 1;
        }
    }
    set_ready(queue, ready);
    for (uint32_t i = ready / 2; i-- > 0;) {
        sift_down(queue, i);
    }
}

int ilv__heap_put(struct ilv_queue *queue, const void *element, int64_t priority)
{
    int error = 0;
    ilv__queue_lock(queue, &queue->lock);
    if (queue->closed) {
        error = EPIPE;
    } else if (queue->ready >= queue->capacity || queue->unused == 0) {
        error = EAGAIN;
    } else {
        uint32_t at = free_of(queue)[--queue->unused];
        struct ilv__place *place = ilv__queue_place(queue, at);
        memcpy(place->element, element, queue->size);
        place->priority = priority;
        set_number(queue, place);
        set_owner(place, ILV__QUEUED);
        push(queue, at);
    }
    bool awaited = ilv__queue_awaited(&queue->getters);
    ilv__queue_unlock(&queue->lock);
    if (awaited && error == 0) {
        ilv__queue_wake(&queue->getters);
    }
    return error;
}

/* What was taken goes back, at the head of its equals. */
static void queue_again(struct ilv_queue *queue, uint32_t at)
{
    struct ilv__place *place = ilv__queue_place(queue, at);
    if (queue->order == ILV_QUEUE_LIFO) {
        set_number(queue, place);
    }
    set_owner(place, ILV__QUEUED);
    queue->taken--;
    push(queue, at);
}

static void adopt_orphans(struct ilv_queue *queue)
{
    uint32_t at;
    while (queue->taken && ilv__queue_find_orphan(queue, &at)) {
        queue_again(queue, at);
    }
}

static int deliver(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket)
{
    uint32_t at = heap_of(queue)[0];
    struct ilv__place *place = ilv__queue_place(queue, at);
    if (ticket && queue->taken >= queue->hands) {
        return EAGAIN;
    }
    memcpy(element, place->element, queue->size);
    if (ticket) {
        *ticket = (struct ilv_queue_ticket){place->number, at};
        set_owner(place, ilv__self_life());
        queue->taken++;
        (void)pop(queue);
    } else {
        set_owner(place, ILV__NOBODY);
        free_of(queue)[queue->unused++] = pop(queue);
    }
    return 0;
}

int ilv__heap_get(struct ilv_queue *queue, void *element, struct ilv_queue_ticket *ticket,
                  bool thorough)
{
    ilv__queue_lock(queue, &queue->lock);
    uint32_t was_closed = queue->closed;
    if (queue->taken && (thorough || queue->head % ILV__QUEUE_LOOK_EVERY == 0)) {
        adopt_orphans(queue);
    }
    int error = queue->ready ? deliver(queue, element, ticket)
                             : ilv__queue_nothing(queue, was_closed, thorough);
    if (!error) {
        __atomic_store_n(&queue->head, queue->head + 1, __ATOMIC_RELAXED);
    }
    bool awaited = ilv__queue_awaited(&queue->putters);
    ilv__queue_unlock(&queue->lock);
    if (awaited && error == 0) {
        ilv__queue_wake(&queue->putters);
    }
    return error;
}

int ilv__heap_done(struct ilv_queue *queue, const struct ilv_queue_ticket *ticket, bool back)
{
    ilv__queue_lock(queue, &queue->lock);
    int error = ilv__queue_check(queue, ticket);
    if (!error && back) {
        queue_again(queue, ticket->place);
    } else if (!error) {
        set_owner(ilv__queue_place(queue, ticket->place), ILV__NOBODY);
        free_of(queue)[queue->unused++] = ticket->place;
        queue->taken--;
    }
    ilv__queue_unlock(&queue->lock);
    return error;
}
