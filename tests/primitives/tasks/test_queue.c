/* SPDX-License-Identifier: MIT */
/* Queues between threads and, the same source, between processes; see ../actors.h. */
#include <ilv/queue.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../actors.h"
#include "ilv_test.h"

static const enum ilv_queue_order orders[] = {ILV_QUEUE_FIFO, ILV_QUEUE_LIFO, ILV_QUEUE_PRIORITY};
#define FOR_EACH_ORDER for (const enum ilv_queue_order *order = orders; order < orders + 3; order++)

static struct ilv_queue *make(enum ilv_queue_order order, uint32_t capacity, uint32_t hands)
{
    const struct ilv_queue_options options = {.order = order,
                                              .capacity = capacity,
                                              .size = sizeof(uint64_t),
                                              .hands = hands,
                                              .shared = ACTORS_ARE_PROCESSES};
    struct ilv_queue *queue = ilv_queue_new(&options);
    if (!ILV_CHECK(queue != NULL)) {
        exit(1);
    }
    return queue;
}

static void end(struct ilv_queue *queue)
{
    ILV_CHECK_INT(ilv_queue_delete(queue), 0);
}

static void put(struct ilv_queue *queue, uint64_t value)
{
    ILV_CHECK_INT(ilv_queue_try_put(queue, &value), 0);
}

static uint64_t got(struct ilv_queue *queue)
{
    uint64_t value = 999999;
    ILV_CHECK_INT(ilv_queue_try_get(queue, &value), 0);
    return value;
}

/* One queue and what actors say of it. */
struct stage {
    struct ilv_queue *queue;
    struct ilv_queue_ticket ticket;
    uint32_t go;
    uint32_t said;
    uint32_t finished;
    uint32_t seen[4096];
};

static struct stage *set(struct ilv_queue *queue)
{
    struct stage *stage = share(sizeof *stage);
    stage->queue = queue;
    return stage;
}

static void elements_leave_in_the_order_of_the_queue(void)
{
    struct ilv_queue *fifo = make(ILV_QUEUE_FIFO, 5, 0);
    struct ilv_queue *lifo = make(ILV_QUEUE_LIFO, 5, 0);
    struct ilv_queue *priority = make(ILV_QUEUE_PRIORITY, 5, 0);
    const int64_t priorities[5] = {3, -1, 3, INT64_MIN, 7};
    const uint64_t sorted[5] = {3, 1, 0, 2, 4};
    for (unsigned round = 0; round < 3; round++) {
        for (uint64_t i = 0; i < 5; i++) {
            put(fifo, i);
            put(lifo, i);
            ILV_CHECK_INT(ilv_queue_put_priority(priority, &i, priorities[i]), 0);
        }
        for (uint64_t i = 0; i < 5; i++) {
            ILV_CHECK_U64(got(fifo), i);
            ILV_CHECK_U64(got(lifo), 4 - i);
            ILV_CHECK_U64(got(priority), sorted[i]);
        }
    }
    end(fifo);
    end(lifo);
    end(priority);
}

static void equal_priorities_keep_the_order_of_their_puts(void)
{
    struct ilv_queue *queue = make(ILV_QUEUE_PRIORITY, 300, 0);
    for (uint64_t i = 0; i < 300; i++) {
        ILV_CHECK_INT(ilv_queue_try_put_priority(queue, &i, (int64_t)(i % 3)), 0);
    }
    for (uint64_t i = 0; i < 300; i++) {
        ILV_CHECK_U64(got(queue), i % 100 * 3 + i / 100);
    }
    end(queue);
}

static void counts_are_exact_right_after_each_call(void)
{
    FOR_EACH_ORDER
    {
        struct ilv_queue *queue = make(*order, 3, 0);
        uint64_t value = 1;
        for (unsigned count = 0; count < 3; count++) {
            ILV_CHECK(ilv_queue_empty(queue) == (count == 0));
            ILV_CHECK(!ilv_queue_full(queue));
            put(queue, value);
            ILV_CHECK_U64(ilv_queue_count(queue), count + 1);
        }
        ILV_CHECK(ilv_queue_full(queue) && !ilv_queue_empty(queue));
        ILV_CHECK_INT(ilv_queue_try_put(queue, &value), EAGAIN);
        ILV_CHECK_INT(ilv_queue_put_until(queue, &value, &long_ago), ETIMEDOUT);
        for (unsigned count = 3; count-- > 0;) {
            (void)got(queue);
            ILV_CHECK_U64(ilv_queue_count(queue), count);
        }
        ILV_CHECK_INT(ilv_queue_try_get(queue, &value), EAGAIN);
        ILV_CHECK_INT(ilv_queue_get_until(queue, &value, &long_ago), ETIMEDOUT);
        end(queue);
    }
}

static int get_and_say(void *argument)
{
    struct stage *stage = argument;
    uint64_t value = 0;
    int error = ilv_queue_get_until(stage->queue, &value, &far_away);
    tell(&stage->said, (uint32_t)value);
    return error;
}

static void a_waiting_getter_gets_what_is_put(void)
{
    FOR_EACH_ORDER
    {
        struct stage *stage = set(make(*order, 3, 0));
        struct actor getter = start(get_and_say, stage);
        await_sleep(&getter);
        put(stage->queue, 7);
        ILV_CHECK_INT(end_of(&getter), 0);
        ILV_CHECK_INT(told(&stage->said), 7);
        end(stage->queue);
    }
}

static int put_one(void *argument)
{
    struct stage *stage = argument;
    uint64_t value = 2;
    return ilv_queue_put(stage->queue, &value);
}

static void a_waiting_putter_goes_on_when_there_is_room(void)
{
    FOR_EACH_ORDER
    {
        struct stage *stage = set(make(*order, 1, 0));
        put(stage->queue, 1);
        struct actor putter = start(put_one, stage);
        await_sleep(&putter);
        ILV_CHECK_U64(got(stage->queue), 1);
        ILV_CHECK_INT(end_of(&putter), 0);
        ILV_CHECK_U64(got(stage->queue), 2);
        end(stage->queue);
    }
}

static int get_plain(void *argument)
{
    struct stage *stage = argument;
    uint64_t value;
    return ilv_queue_get(stage->queue, &value);
}

static void a_closed_queue_is_drained_and_then_ends(void)
{
    FOR_EACH_ORDER
    {
        struct stage *stage = set(make(*order, 3, 0));
        uint64_t value = 0;
        put(stage->queue, 1);
        ILV_CHECK(!ilv_queue_closed(stage->queue));
        ILV_CHECK_INT(ilv_queue_close(stage->queue), 0);
        ILV_CHECK_INT(ilv_queue_close(stage->queue), 0);
        ILV_CHECK(ilv_queue_closed(stage->queue));
        ILV_CHECK_INT(ilv_queue_put(stage->queue, &value), EPIPE);
        ILV_CHECK_INT(ilv_queue_try_put(stage->queue, &value), EPIPE);
        ILV_CHECK_U64(got(stage->queue), 1);
        ILV_CHECK_INT(ilv_queue_get(stage->queue, &value), ENODATA);
        ILV_CHECK_INT(ilv_queue_try_get(stage->queue, &value), ENODATA);
        end(stage->queue);
    }
}

static void closing_ends_all_waits(void)
{
    FOR_EACH_ORDER
    {
        struct stage *empty = set(make(*order, 1, 0));
        struct stage *full = set(make(*order, 1, 0));
        put(full->queue, 1);
        struct actor getters[2] = {start(get_plain, empty), start(get_plain, empty)};
        struct actor putters[2] = {start(put_one, full), start(put_one, full)};
        for (int i = 0; i < 2; i++) {
            await_sleep(&getters[i]);
            await_sleep(&putters[i]);
        }
        ILV_CHECK_INT(ilv_queue_close(empty->queue), 0);
        ILV_CHECK_INT(ilv_queue_close(full->queue), 0);
        for (int i = 0; i < 2; i++) {
            ILV_CHECK_INT(end_of(&getters[i]), ENODATA);
            ILV_CHECK_INT(end_of(&putters[i]), EPIPE);
        }
        end(empty->queue);
        end(full->queue);
    }
}

static void destroying_ends_all_waits(void)
{
    struct stage *stage = set(make(ILV_QUEUE_FIFO, 1, 0));
    uint64_t value = 0;
    struct actor getter = start(get_plain, stage);
    await_sleep(&getter);
    ILV_CHECK_INT(ilv_queue_destroy(stage->queue), 0);
    ILV_CHECK_INT(end_of(&getter), EINVAL);
    ILV_CHECK_INT(ilv_queue_put(stage->queue, &value), EINVAL);
    ILV_CHECK_INT(ilv_queue_destroy(stage->queue), EINVAL);
    ILV_CHECK_INT(ilv_queue_delete(stage->queue), EINVAL);
    if (!ACTORS_ARE_PROCESSES) {
        free(stage->queue);
    }
}

/* In hand. */

static int join_and_say(void *argument)
{
    struct stage *stage = argument;
    int error = ilv_queue_join(stage->queue);
    tell(&stage->finished, 1);
    return error;
}

static void destroying_ends_a_join(void)
{
    struct stage *stage = set(make(ILV_QUEUE_FIFO, 1, 0));
    put(stage->queue, 1);
    struct actor joiner = start(join_and_say, stage);
    await_sleep(&joiner);
    ILV_CHECK_INT(ilv_queue_destroy(stage->queue), 0);
    ILV_CHECK_INT(end_of(&joiner), EINVAL);
    if (!ACTORS_ARE_PROCESSES) {
        free(stage->queue);
    }
}

static void join_waits_for_what_is_queued_and_what_is_in_hand(void)
{
    FOR_EACH_ORDER
    {
        struct stage *stage = set(make(*order, 3, 2));
        struct ilv_queue_ticket tickets[3];
        uint64_t value = 0;
        ILV_CHECK_INT(ilv_queue_try_join(stage->queue), 0);
        put(stage->queue, 1);
        put(stage->queue, 2);
        put(stage->queue, 3);
        ILV_CHECK_INT(ilv_queue_join_until(stage->queue, &long_ago), ETIMEDOUT);
        struct actor joiner = start(join_and_say, stage);
        ILV_CHECK_INT(ilv_queue_take(stage->queue, &value, &tickets[0]), 0);
        ILV_CHECK_INT(ilv_queue_take(stage->queue, &value, &tickets[1]), 0);
        ILV_CHECK_INT(ilv_queue_try_take(stage->queue, &value, &tickets[2]), EAGAIN);
        ILV_CHECK_INT(ilv_queue_take_until(stage->queue, &value, &tickets[2], &long_ago),
                      ETIMEDOUT);
        (void)got(stage->queue);
        ILV_CHECK_U64(ilv_queue_in_hand(stage->queue), 2);
        ILV_CHECK_U64(ilv_queue_count(stage->queue), 0);
        ILV_CHECK_INT(ilv_queue_done(stage->queue, &tickets[1]), 0);
        await_sleep(&joiner);
        ILV_CHECK_INT(told(&stage->finished), 0);
        ILV_CHECK_INT(ilv_queue_try_join(stage->queue), EBUSY);
        ILV_CHECK_INT(ilv_queue_done(stage->queue, &tickets[0]), 0);
        ILV_CHECK_INT(end_of(&joiner), 0);
        ILV_CHECK_INT(ilv_queue_done(stage->queue, &tickets[0]), EINVAL);
        end(stage->queue);
    }
}

static void what_is_put_back_is_delivered_first(void)
{
    FOR_EACH_ORDER
    {
        struct ilv_queue *queue = make(*order, 3, 2);
        struct ilv_queue_ticket first;
        struct ilv_queue_ticket again;
        uint64_t value = 0;
        uint64_t same = 0;
        put(queue, 1);
        put(queue, 2);
        ILV_CHECK_INT(ilv_queue_take(queue, &value, &first), 0);
        ILV_CHECK_INT(ilv_queue_put_back(queue, &first), 0);
        ILV_CHECK_INT(ilv_queue_put_back(queue, &first), EINVAL);
        ILV_CHECK_U64(ilv_queue_count(queue), 2);
        ILV_CHECK_INT(ilv_queue_try_take(queue, &same, &again), 0);
        ILV_CHECK_U64(same, value);
        ILV_CHECK_INT(ilv_queue_put_back(queue, &again), 0);
        ILV_CHECK_U64(got(queue), value);
        ILV_CHECK_U64(got(queue), 3 - value);
        ILV_CHECK_INT(ilv_queue_try_join(queue), 0);
        end(queue);
    }
}

static int take_one(void *argument)
{
    struct stage *stage = argument;
    uint64_t value;
    return ilv_queue_take(stage->queue, &value, &stage->ticket);
}

static void who_waits_for_a_hand_gets_it(void)
{
    FOR_EACH_ORDER
    {
        struct stage *stage = set(make(*order, 3, 1));
        struct ilv_queue_ticket ticket;
        uint64_t value;
        put(stage->queue, 1);
        put(stage->queue, 2);
        ILV_CHECK_INT(ilv_queue_take(stage->queue, &value, &ticket), 0);
        struct actor taker = start(take_one, stage);
        await_sleep(&taker);
        ILV_CHECK_INT(ilv_queue_done(stage->queue, &ticket), 0);
        ILV_CHECK_INT(end_of(&taker), 0);
        end(stage->queue);
    }
}

/* Many at once. */

enum { PRODUCERS = 2, CONSUMERS = 2, EACH = 1500 };

static int produce(void *argument)
{
    struct stage *stage = argument;
    uint32_t first = __atomic_fetch_add(&stage->go, EACH, __ATOMIC_RELAXED);
    for (uint64_t i = first; i < first + EACH; i++) {
        if (ilv_queue_put(stage->queue, &i) != 0) {
            return 1;
        }
    }
    return 0;
}

static int consume(void *argument)
{
    struct stage *stage = argument;
    uint64_t value;
    int error;
    while ((error = ilv_queue_get(stage->queue, &value)) == 0) {
        (void)__atomic_fetch_add(&stage->seen[value], 1, __ATOMIC_RELAXED);
    }
    return error == ENODATA ? 0 : 1;
}

static int take_and_do(void *argument)
{
    struct stage *stage = argument;
    struct ilv_queue_ticket ticket;
    uint64_t value;
    int error;
    while ((error = ilv_queue_take(stage->queue, &value, &ticket)) == 0) {
        (void)__atomic_fetch_add(&stage->seen[value], 1, __ATOMIC_RELAXED);
        if (value % 7 == 0 && __atomic_load_n(&stage->seen[value], __ATOMIC_RELAXED) == 1) {
            error = ilv_queue_put_back(stage->queue, &ticket);
        } else {
            error = ilv_queue_done(stage->queue, &ticket);
        }
        if (error) {
            return error;
        }
    }
    return error == ENODATA ? 0 : 1;
}

static void run_many(enum ilv_queue_order order, uint32_t hands, int (*consumer)(void *))
{
    struct stage *stage = set(make(order, 16, hands));
    struct actor actors[PRODUCERS + CONSUMERS];
    unsigned wrong = 0;
    for (int i = 0; i < PRODUCERS + CONSUMERS; i++) {
        actors[i] = start(i < PRODUCERS ? produce : consumer, stage);
    }
    for (int i = 0; i < PRODUCERS; i++) {
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    }
    ILV_CHECK_INT(ilv_queue_join(stage->queue), 0);
    ILV_CHECK_INT(ilv_queue_close(stage->queue), 0);
    for (int i = PRODUCERS; i < PRODUCERS + CONSUMERS; i++) {
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    }
    for (unsigned i = 0; i < PRODUCERS * EACH; i++) {
        wrong += stage->seen[i] != (hands && i % 7 == 0 ? 2 : 1);
    }
    ILV_CHECK_INT(wrong, 0);
    end(stage->queue);
}

static void every_element_is_got_exactly_once(void)
{
    FOR_EACH_ORDER
    {
        run_many(*order, 0, consume);
    }
}

static void every_element_is_taken_until_it_is_done(void)
{
    FOR_EACH_ORDER
    {
        run_many(*order, 3, take_and_do);
    }
}

/* Bad input. */

static void options_that_make_no_sense_are_refused(void)
{
    const struct ilv_queue_options good = {.capacity = 1, .size = 1};
    struct ilv_queue_options bad[6] = {good, good, good, good, good, good};
    bad[0].capacity = 0;
    bad[1].capacity = (1 << 24) + 1;
    bad[2].size = 0;
    bad[3].size = (1 << 24) + 1;
    bad[4].hands = (1 << 16) + 1;
    bad[5].order = (enum ilv_queue_order)3;
    _Alignas(64) static unsigned char memory[4096];
    struct ilv_queue *place = (struct ilv_queue *)(void *)memory;
    ILV_CHECK_U64(ilv_queue_size(NULL), 0);
    for (int i = 0; i < 6; i++) {
        ILV_CHECK_U64(ilv_queue_size(&bad[i]), 0);
        ILV_CHECK(ilv_queue_new(&bad[i]) == NULL);
        ILV_CHECK_INT(errno, EINVAL);
        ILV_CHECK_INT(ilv_queue_init(place, sizeof memory, &bad[i]), EINVAL);
    }
    size_t size = ilv_queue_size(&good);
    ILV_CHECK_INT(ilv_queue_init(place, size - 1, &good), ENOSPC);
    ILV_CHECK_INT(ilv_queue_init((struct ilv_queue *)(void *)(memory + 8), size, &good), EINVAL);
    ILV_CHECK_INT(ilv_queue_init(NULL, size, &good), EINVAL);
    ILV_CHECK_INT(ilv_queue_try_put(place, "a"), EINVAL);
    ILV_CHECK_INT(ilv_queue_init(place, size, &good), 0);
    ILV_CHECK_INT(ilv_queue_try_put(place, "a"), 0);
    ILV_CHECK_INT(ilv_queue_destroy(place), 0);
}

static void misuse_gives_an_error(void)
{
    struct ilv_queue *queue = make(ILV_QUEUE_FIFO, 3, 0);
    struct ilv_queue *hands = make(ILV_QUEUE_LIFO, 3, 1);
    const struct ilv_queue_ticket none = {.number = 5, .place = 1000};
    struct ilv_queue_ticket ticket;
    uint64_t value = 1;
    ILV_CHECK_INT(ilv_queue_put(NULL, &value), EINVAL);
    ILV_CHECK_INT(ilv_queue_put(queue, NULL), EINVAL);
    ILV_CHECK_INT(ilv_queue_get(NULL, &value), EINVAL);
    ILV_CHECK_INT(ilv_queue_get(queue, NULL), EINVAL);
    ILV_CHECK_INT(ilv_queue_take(queue, &value, &ticket), ENOTSUP);
    ILV_CHECK_INT(ilv_queue_take(hands, &value, NULL), EINVAL);
    ILV_CHECK_INT(ilv_queue_done(queue, &none), EINVAL);
    ILV_CHECK_INT(ilv_queue_done(hands, &none), EINVAL);
    ILV_CHECK_INT(ilv_queue_done(hands, NULL), EINVAL);
    ILV_CHECK_INT(ilv_queue_put_priority(queue, &value, 1), EINVAL);
    ILV_CHECK_INT(ilv_queue_put_priority(hands, &value, 1), EINVAL);
    ILV_CHECK_INT(ilv_queue_close(NULL), EINVAL);
    ILV_CHECK_INT(ilv_queue_join(NULL), EINVAL);
    ILV_CHECK_INT(ilv_queue_delete(NULL), 0);
    ILV_CHECK(ilv_queue_empty(NULL) && !ilv_queue_full(NULL) && !ilv_queue_closed(NULL));
    for (int i = 0; i < 3; i++) {
        ILV_CHECK_INT(ilv_queue_put_until(queue, &value, &impossible[i]), EINVAL);
        ILV_CHECK_INT(ilv_queue_get_until(queue, &value, &impossible[i]), EINVAL);
        ILV_CHECK_INT(ilv_queue_join_until(queue, &impossible[i]), EINVAL);
    }
    end(queue);
    end(hands);
}

static void elements_of_any_size_are_copied_whole(void)
{
    const uint32_t sizes[] = {1, 3, 64, 100, 5000};
    FOR_EACH_ORDER
    {
        for (int i = 0; i < 5; i++) {
            const struct ilv_queue_options options = {
                .order = *order, .capacity = 2, .size = sizes[i], .hands = 1};
            struct ilv_queue *queue = ilv_queue_new(&options);
            unsigned char *in = malloc(sizes[i]);
            unsigned char *out = calloc(1, sizes[i]);
            struct ilv_queue_ticket ticket;
            memset(in, 'a' + i, sizes[i]);
            ILV_CHECK_INT(ilv_queue_put(queue, in), 0);
            ILV_CHECK_INT(ilv_queue_put(queue, in), 0);
            ILV_CHECK_INT(ilv_queue_get(queue, out), 0);
            ILV_CHECK(memcmp(in, out, sizes[i]) == 0);
            memset(out, 0, sizes[i]);
            ILV_CHECK_INT(ilv_queue_take(queue, out, &ticket), 0);
            ILV_CHECK(memcmp(in, out, sizes[i]) == 0);
            free(in);
            free(out);
            end(queue);
        }
    }
}

ILV_SUITE(queue, ILV_TEST(elements_leave_in_the_order_of_the_queue),
          ILV_TEST(equal_priorities_keep_the_order_of_their_puts),
          ILV_TEST(counts_are_exact_right_after_each_call),
          ILV_TEST(a_waiting_getter_gets_what_is_put),
          ILV_TEST(a_waiting_putter_goes_on_when_there_is_room),
          ILV_TEST(a_closed_queue_is_drained_and_then_ends), ILV_TEST(closing_ends_all_waits),
          ILV_TEST(destroying_ends_all_waits), ILV_TEST(destroying_ends_a_join),
          ILV_TEST(join_waits_for_what_is_queued_and_what_is_in_hand),
          ILV_TEST(what_is_put_back_is_delivered_first), ILV_TEST(who_waits_for_a_hand_gets_it),
          ILV_TEST(every_element_is_got_exactly_once),
          ILV_TEST(every_element_is_taken_until_it_is_done),
          ILV_TEST(options_that_make_no_sense_are_refused), ILV_TEST(misuse_gives_an_error),
          ILV_TEST(elements_of_any_size_are_copied_whole));
