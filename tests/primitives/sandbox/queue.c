/* SPDX-License-Identifier: MIT */
/* Queues of one place: two put, three get or take, and who started them joins and closes. */
/* fault 1: the queue is closed before all has been put */
/* finds 1: exit-status */
/* fault 2: one getter more than ends are told */
/* finds 2: lost-wakeup | deadlock (stuck) */
/* fault 3: what was taken is never done */
/* finds 3: lost-wakeup | deadlock (stuck) */
#include <errno.h>
#include <ilv/queue.h>

#include "threads.h"

enum { EACH = 3 };

static struct ilv_queue *fifo;
static struct ilv_queue *heap;
static struct ilv_queue *plain;
static int sums[3];
static int results[2 * EACH];
static int *boxes[2 * EACH];

/* What an element points to was written before it was put. */
static void put_all(long producer)
{
    struct ilv_queue *const queues[] = {fifo, heap, plain};
    for (int i = 0; i < EACH; i++) {
        int n = (int)producer * EACH + i;
        results[n] = n + 1;
        boxes[n] = &results[n];
        holds(ilv_queue_put(queues[n % 3], &boxes[n]) == 0);
    }
}

static void take_from_fifo(void)
{
    struct ilv_queue_ticket ticket;
    int *box;
    int error;
    while ((error = ilv_queue_take(fifo, &box, &ticket)) == 0) {
        sums[0] += *box;
        *box = 0;
        if (fault != 3)
            must(ilv_queue_done(fifo, &ticket));
    }
    holds(error == ENODATA);
}

static void get_from(struct ilv_queue *queue, int *sum)
{
    int *box;
    int error;
    while ((error = ilv_queue_get(queue, &box)) == 0)
        *sum += *box;
    holds(error == ENODATA);
}

static void *body(void *argument)
{
    long part = (long)argument;
    if (part < 2)
        put_all(part);
    else if (part == 2)
        take_from_fifo();
    else if (part == 3)
        get_from(heap, &sums[1]);
    else
        get_from(plain, &sums[2]);
    return NULL;
}

static struct ilv_queue *make(enum ilv_queue_order order, uint32_t hands)
{
    const struct ilv_queue_options options = {
        .order = order, .capacity = 1, .size = sizeof(int *), .hands = hands};
    struct ilv_queue *queue = ilv_queue_new(&options);
    holds(queue != NULL);
    return queue;
}

int main(void)
{
    pthread_t threads[6];
    int count = fault == 2 ? 6 : 5;
    fifo = make(ILV_QUEUE_FIFO, 1);
    heap = make(ILV_QUEUE_LIFO, 0);
    plain = make(ILV_QUEUE_FIFO, 0);
    for (long i = 0; i < count; i++)
        must(pthread_create(&threads[i], NULL, body, (void *)(i < 5 ? i : 2)));
    if (fault == 1)
        must(ilv_queue_close(fifo));
    must(pthread_join(threads[0], NULL));
    must(pthread_join(threads[1], NULL));
    must(ilv_queue_join(fifo));
    for (int n = 0; n < 2 * EACH; n += 3)
        holds(results[n] == 0);
    must(ilv_queue_join(heap));
    if (fault != 2)
        must(ilv_queue_close(fifo));
    must(ilv_queue_close(heap));
    must(ilv_queue_close(plain));
    for (int i = 2; i < count; i++)
        must(pthread_join(threads[i], NULL));
    holds(sums[0] == 1 + 4 && sums[1] == 2 + 5 && sums[2] == 3 + 6);
    must(ilv_queue_delete(fifo));
    must(ilv_queue_delete(heap));
    must(ilv_queue_delete(plain));
}
