/* SPDX-License-Identifier: MIT */
/* What takers leave that die at the very moment, or with several elements in hand. */
#include <ilv/process.h>
#include <ilv/queue.h>

#include <signal.h>
#include <stdlib.h>

#include "../sanitizers.h"
#include "ilv_test.h"
#include "steps.h"

enum { ELEMENTS = 3, MANY_STEPS = 100000 };

static struct ilv_queue *queue;

static void make(enum ilv_queue_order order)
{
    const struct ilv_queue_options options = {
        .order = order, .capacity = 8, .size = sizeof(uint64_t), .hands = ELEMENTS, .shared = true};
    queue = ilv_queue_new(&options);
    if (!queue) {
        abort();
    }
}

static int take_all_and_die(void *unused)
{
    struct ilv_queue_ticket ticket;
    uint64_t element;
    (void)unused;
    while (ilv_queue_try_take(queue, &element, &ticket) == 0) {
    }
    (void)raise(SIGKILL);
    return 0;
}

static void what_a_dead_taker_had_comes_again_by_its_priority(void)
{
    struct ilv_process *taker = NULL;
    make(ILV_QUEUE_PRIORITY);
    for (uint64_t i = 0; i < ELEMENTS; i++) {
        ILV_CHECK_INT(ilv_queue_put_priority(queue, &i, (int64_t)i), 0);
    }
    ILV_CHECK_INT(ilv_process_run(&taker, NULL, take_all_and_die, NULL), 0);
    ILV_CHECK_INT(ilv_process_join(taker), 0);
    ILV_CHECK_INT(ilv_process_free(taker), 0);
    for (uint64_t i = 0; i < ELEMENTS; i++) {
        uint64_t element = 99;
        ILV_CHECK_INT(ilv_queue_try_get(queue, &element), 0);
        ILV_CHECK_U64(element, i);
    }
    ILV_CHECK_INT(ilv_queue_delete(queue), 0);
}

static void take_one(void *unused)
{
    struct ilv_queue_ticket ticket;
    uint64_t element;
    (void)unused;
    (void)ilv_queue_try_take(queue, &element, &ticket);
}

/* Who one is, is asked for once in a process. */
static void know_oneself(void)
{
    (void)ilv_queue_in_hand(queue);
}

/* The queue's locks are used once before instructions are counted. */
static void take_and_finish(uint64_t element)
{
    struct ilv_queue_ticket ticket;
    ILV_CHECK_INT(ilv_queue_put(queue, &element), 0);
    ILV_CHECK_INT(ilv_queue_try_take(queue, &element, &ticket), 0);
    ILV_CHECK_INT(ilv_queue_done(queue, &ticket), 0);
}

/* After each of the instructions of the middle, of which one commits: it comes again, once. After
 * some of them where sanitizers make them many, and each death slow. */
static void an_element_comes_again_once_wherever_its_taker_is_killed(void)
{
    make(ILV_QUEUE_FIFO);
    prepare_by(know_oneself);
    uint64_t element = 0;
    take_and_finish(element);
    ILV_CHECK_INT(ilv_queue_put(queue, &element), 0);
    unsigned long steps = count_steps(take_one, NULL);
    ILV_CHECK(steps > 0 && steps < MANY_STEPS);
    ILV_CHECK_INT(ilv_queue_try_get(queue, &element), 0);
    unsigned long stride = ON_ASAN || ON_TSAN ? stride_of(steps, 200) : 1;
    for (unsigned long k = steps * 2 / 5; k <= steps * 3 / 4; k += stride) {
        uint64_t put = k;
        ILV_CHECK_INT(ilv_queue_put(queue, &put), 0);
        (void)kill_after(k, take_one, NULL);
        ILV_CHECK_INT(ilv_queue_try_get(queue, &element), 0);
        if (!ILV_CHECK_U64(element, put) || !ILV_CHECK(ilv_queue_empty(queue))) {
            break;
        }
    }
    ILV_CHECK_INT(ilv_queue_delete(queue), 0);
}

ILV_SUITE(takers, ILV_TEST(what_a_dead_taker_had_comes_again_by_its_priority),
          ILV_TEST(an_element_comes_again_once_wherever_its_taker_is_killed));
