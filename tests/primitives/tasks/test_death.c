/* SPDX-License-Identifier: MIT */
/*
 * Deaths in queues. A process is killed after every number of instructions of one
 * operation (steps.h), and at random moments of many (the campaign); each time what it left is
 * counted.
 */
#include <ilv/process.h>
#include <ilv/queue.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ilv_test.h"
#include "steps.h"

#ifndef KILLS
#define KILLS 60
#endif
#ifndef MOST_STEPS
#define MOST_STEPS 60
#endif
enum { FULL = 5 };

static const enum ilv_queue_order orders[] = {ILV_QUEUE_FIFO, ILV_QUEUE_LIFO, ILV_QUEUE_PRIORITY};

static struct ilv_queue *make(enum ilv_queue_order order, uint32_t capacity, uint32_t hands)
{
    const struct ilv_queue_options options = {.order = order,
                                              .capacity = capacity,
                                              .size = sizeof(uint64_t),
                                              .hands = hands,
                                              .shared = true};
    struct ilv_queue *queue = ilv_queue_new(&options);
    if (!queue) {
        abort();
    }
    return queue;
}

static void *share(size_t size)
{
    void *memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        abort();
    }
    return memory;
}

/* Killed after each instruction. */

static struct ilv_queue *subject;

static void put_nine(void *unused)
{
    const uint64_t nine = 9;
    (void)unused;
    (void)ilv_queue_try_put(subject, &nine);
}

static void get_one(void *got)
{
    (void)ilv_queue_try_get(subject, got);
}

static void take_one(void *got)
{
    struct ilv_queue_ticket ticket;
    (void)ilv_queue_try_take(subject, got, &ticket);
}

static void take_and_put_back(void *got)
{
    struct ilv_queue_ticket ticket;
    (void)ilv_queue_try_take(subject, got, &ticket);
    (void)ilv_queue_put_back(subject, &ticket);
}

static void take_and_finish(void *got)
{
    struct ilv_queue_ticket ticket;
    (void)ilv_queue_try_take(subject, got, &ticket);
    (void)ilv_queue_done(subject, &ticket);
}

static void close_it(void *unused)
{
    (void)unused;
    (void)ilv_queue_close(subject);
}

/* Who one is, is asked for once in a process, and is no part of an operation. */
static void know_oneself(void)
{
    (void)ilv_queue_in_hand(subject);
}

static void refill(void)
{
    uint64_t value;
    while (ilv_queue_try_get(subject, &value) == 0) {
    }
    for (value = 0; value < FULL; value++) {
        ILV_CHECK_INT(ilv_queue_try_put(subject, &value), 0);
    }
}

/* Drains it into a set of bits; elements that come twice, or never were put, set the highest. */
static uint64_t drain(void)
{
    uint64_t set = 0;
    uint64_t value;
    ILV_CHECK_U64(ilv_queue_count(subject) + ilv_queue_in_hand(subject) > 0, 1);
    while (ilv_queue_try_get(subject, &value) == 0) {
        set |= value > 9 || set >> value & 1 ? 1ULL << 63 : 1ULL << value;
    }
    ILV_CHECK(ilv_queue_empty(subject));
    ILV_CHECK_INT(ilv_queue_try_join(subject), 0);
    return set;
}

/* What is left after a kill must be one of two sets; both are seen over all kills, or only the
 * first. What the dead got is told by its memory. */
static void kill_at_every_step(enum ilv_queue_order order, uint32_t hands,
                               void (*operation)(void *argument), uint64_t before, uint64_t after)
{
    uint64_t *got = share(sizeof *got);
    unsigned seen[2] = {0, 0};
    subject = make(order, 2 * FULL, hands);
    refill();
    prepare_by(know_oneself);
    unsigned long steps = count_steps(operation, got);
    (void)printf("order %d: %lu instructions\n", (int)order, steps);
    for (unsigned long k = 0, stride = stride_of(steps, MOST_STEPS); k <= steps + stride;
         k += stride) {
        refill();
        (void)kill_after(k, operation, got);
        uint64_t left = drain();
        seen[0] += left == before;
        seen[1] += left == after;
        if (!ILV_CHECK(left == before || left == after)) {
            (void)fprintf(stderr, "order %d, k %lu of %lu: %lx\n", (int)order, k, steps,
                          (unsigned long)left);
            break;
        }
    }
    ILV_CHECK(seen[0] > 0 && seen[1] > 0);
    ILV_CHECK_INT(ilv_queue_delete(subject), 0);
}

static uint64_t all_but(unsigned value)
{
    return ((1U << FULL) - 1) & ~(1U << value);
}

static unsigned first_of(enum ilv_queue_order order)
{
    return order == ILV_QUEUE_LIFO ? FULL - 1 : 0;
}

static void a_put_is_whole_wherever_the_putter_is_killed(void)
{
    for (int i = 0; i < 3; i++) {
        kill_at_every_step(orders[i], 0, put_nine, all_but(9), all_but(9) | 1U << 9);
    }
}

static void a_get_takes_one_or_none_wherever_the_getter_is_killed(void)
{
    for (int i = 0; i < 3; i++) {
        kill_at_every_step(orders[i], 0, get_one, all_but(9), all_but(first_of(orders[i])));
    }
}

static void nothing_is_lost_wherever_the_taker_is_killed(void)
{
    for (int i = 0; i < 3; i++) {
        kill_at_every_step(orders[i], 2, take_one, all_but(9), all_but(9));
        kill_at_every_step(orders[i], 2, take_and_put_back, all_but(9), all_but(9));
    }
}

static void an_element_is_done_or_comes_again_wherever_the_taker_is_killed(void)
{
    for (int i = 0; i < 3; i++) {
        kill_at_every_step(orders[i], 2, take_and_finish, all_but(9), all_but(first_of(orders[i])));
    }
}

static void closing_leaves_the_elements_wherever_it_is_killed(void)
{
    for (int i = 0; i < 3; i++) {
        subject = make(orders[i], FULL, 1);
        refill();
        unsigned long steps = count_steps(close_it, NULL);
        for (unsigned long k = 0, stride = stride_of(steps, 60); k <= steps; k += stride) {
            (void)ilv_queue_delete(subject);
            subject = make(orders[i], FULL, 1);
            refill();
            (void)kill_after(k, close_it, NULL);
            ILV_CHECK_INT(ilv_queue_close(subject), 0);
            ILV_CHECK_U64(drain(), all_but(9));
        }
        ILV_CHECK_INT(ilv_queue_delete(subject), 0);
    }
}

/* The hazards. */

static struct ilv_process *start(ilv_process_function *function, void *argument)
{
    struct ilv_process *process = NULL;
    if (ilv_process_run(&process, NULL, function, argument) != 0) {
        abort();
    }
    return process;
}

static void kill_and_join(struct ilv_process *process)
{
    ILV_CHECK_INT(ilv_process_kill(process), 0);
    ILV_CHECK_INT(ilv_process_join(process), 0);
    ILV_CHECK_INT(ilv_process_free(process), 0);
}

static int get_for_ever(void *unused)
{
    uint64_t value;
    (void)unused;
    while (ilv_queue_get(subject, &value) == 0) {
    }
    return 0;
}

static void a_killed_waiting_reader_leaves_the_queue_to_others(void)
{
    subject = make(ILV_QUEUE_FIFO, 10, 0);
    struct ilv_process *reader = start(get_for_ever, NULL);
    await_sleeping(ilv_process_pid(reader));
    kill_and_join(reader);
    refill();
    ILV_CHECK_U64(ilv_queue_count(subject), FULL);
    ILV_CHECK_U64(drain(), all_but(9));
}

static int put_fifty_and_die(void *unused)
{
    (void)unused;
    for (uint64_t i = 0; i < 50; i++) {
        if (ilv_queue_put(subject, &i) != 0) {
            return 1;
        }
    }
    return raise(SIGKILL);
}

static void what_was_put_before_death_is_there(void)
{
    subject = make(ILV_QUEUE_FIFO, 64, 0);
    struct ilv_process *putter = start(put_fifty_and_die, NULL);
    ILV_CHECK_INT(ilv_process_join(putter), 0);
    ILV_CHECK_U64(ilv_queue_count(subject), 50);
    for (uint64_t i = 0; i < 50; i++) {
        uint64_t value = 99;
        ILV_CHECK_INT(ilv_queue_try_get(subject, &value), 0);
        ILV_CHECK_U64(value, i);
    }
    ILV_CHECK_INT(ilv_process_free(putter), 0);
}

static int fill_and_return(void *unused)
{
    (void)unused;
    for (uint64_t i = 0; i < 50; i++) {
        (void)ilv_queue_put(subject, &i);
    }
    return 0;
}

static void a_producer_can_be_joined_before_its_elements_are_got(void)
{
    subject = make(ILV_QUEUE_FIFO, 64, 0);
    struct ilv_process *producer = start(fill_and_return, NULL);
    ILV_CHECK_INT(ilv_process_join(producer), 0);
    ILV_CHECK_U64(ilv_queue_count(subject), 50);
    ILV_CHECK_INT(ilv_process_free(producer), 0);
}

static int take_and_stay(void *got)
{
    struct ilv_queue_ticket ticket;
    if (ilv_queue_take(subject, got, &ticket) != 0) {
        return 1;
    }
    for (;;) {
        (void)pause();
    }
    return 0;
}

static int take_the_end(void *unused)
{
    struct ilv_queue_ticket ticket;
    uint64_t value = 0;
    (void)unused;
    int error = ilv_queue_take(subject, &value, &ticket);
    if (error || ilv_queue_done(subject, &ticket) != 0) {
        return 99;
    }
    return ilv_queue_take(subject, &value, &ticket) == ENODATA ? (int)value : 98;
}

static int join_the_queue(void *unused)
{
    (void)unused;
    return ilv_queue_join(subject);
}

static void what_a_dead_consumer_held_is_done_by_another_before_join_returns(void)
{
    for (int i = 0; i < 3; i++) {
        const uint64_t seven = 7;
        uint64_t *got = share(sizeof *got);
        subject = make(orders[i], 4, 2);
        ILV_CHECK_INT(ilv_queue_put(subject, &seven), 0);
        struct ilv_process *taker = start(take_and_stay, got);
        struct ilv_process *joiner = start(join_the_queue, NULL);
        await_sleeping(ilv_process_pid(taker));
        while (ilv_queue_in_hand(subject) == 0) {
            (void)sched_yield();
        }
        ILV_CHECK_INT(ilv_queue_close(subject), 0);
        struct ilv_process *other = start(take_the_end, NULL);
        await_sleeping(ilv_process_pid(other));
        await_sleeping(ilv_process_pid(joiner));
        ILV_CHECK(ilv_process_alive(other) && ilv_process_alive(joiner));
        kill_and_join(taker);
        int code = -1;
        ILV_CHECK_INT(ilv_process_join(other), 0);
        ILV_CHECK_INT(ilv_process_exit_code(other, &code), 0);
        ILV_CHECK_INT(code, 7);
        ILV_CHECK_INT(ilv_process_join(joiner), 0);
        ILV_CHECK_INT(ilv_process_free(other), 0);
        ILV_CHECK_INT(ilv_process_free(joiner), 0);
    }
}

static int try_foreign_ticket(void *ticket)
{
    return ilv_queue_done(subject, ticket);
}

static void the_ticket_of_another_process_is_refused(void)
{
    for (int i = 0; i < 3; i++) {
        struct ilv_queue_ticket ticket;
        uint64_t value = 1;
        int code = -1;
        subject = make(orders[i], 4, 2);
        ILV_CHECK_INT(ilv_queue_put(subject, &value), 0);
        ILV_CHECK_INT(ilv_queue_take(subject, &value, &ticket), 0);
        struct ilv_process *stranger = start(try_foreign_ticket, &ticket);
        ILV_CHECK_INT(ilv_process_join(stranger), 0);
        ILV_CHECK_INT(ilv_process_exit_code(stranger, &code), 0);
        ILV_CHECK_INT(code, EPERM);
        ILV_CHECK_INT(ilv_queue_done(subject, &ticket), 0);
        ILV_CHECK_INT(ilv_process_free(stranger), 0);
    }
}

/* Unrelated addresses. */

static void a_queue_works_at_two_addresses(void)
{
    const struct ilv_queue_options options = {.capacity = 8, .size = 8, .hands = 1, .shared = true};
    size_t size = ilv_queue_size(&options);
    int file = memfd_create("queue", MFD_CLOEXEC);
    uint64_t value = 5;
    struct ilv_queue_ticket ticket;
    ILV_CHECK_INT(ftruncate(file, (off_t)size), 0);
    struct ilv_queue *one = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    struct ilv_queue *two = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ILV_CHECK(one != two);
    ILV_CHECK_INT(ilv_queue_init(one, size, &options), 0);
    ILV_CHECK_INT(ilv_queue_put(one, &value), 0);
    value = 0;
    ILV_CHECK_INT(ilv_queue_take(two, &value, &ticket), 0);
    ILV_CHECK_U64(value, 5);
    ILV_CHECK_INT(ilv_queue_done(one, &ticket), 0);
    ILV_CHECK_INT(ilv_queue_try_join(two), 0);
    (void)close(file);
}

/* The campaign: producers and consumers of one queue, one of them killed at a time. */

enum { PRODUCERS = 2, CONSUMERS = 2, ACTORS = PRODUCERS + CONSUMERS, EACH = 3000 };
enum { LIVES = KILLS + ACTORS + 4 };

struct life {
    uint32_t acknowledged; /* puts that returned */
    uint8_t seen[EACH];
};

struct campaign {
    struct ilv_queue *queue;
    bool takes;
    uint32_t next_life;
    struct life lives[];
};

static struct campaign *campaign;

static int produce(void *unused)
{
    (void)unused;
    for (;;) {
        uint64_t number = __atomic_fetch_add(&campaign->next_life, 1, __ATOMIC_RELAXED);
        if (number >= LIVES) {
            return 0;
        }
        for (uint64_t i = 0; i < EACH; i++) {
            uint64_t element = number << 32 | i;
            if (ilv_queue_put(campaign->queue, &element) != 0) {
                return 1;
            }
            __atomic_store_n(&campaign->lives[number].acknowledged, (uint32_t)i + 1,
                             __ATOMIC_RELEASE);
        }
    }
}

static void see(uint64_t element)
{
    uint8_t *seen = &campaign->lives[element >> 32].seen[element & 0xffffffff];
    (void)__atomic_fetch_add(seen, 1, __ATOMIC_RELAXED);
}

static int consume(void *unused)
{
    struct ilv_queue_ticket ticket;
    uint64_t element;
    (void)unused;
    for (;;) {
        int error = campaign->takes ? ilv_queue_take(campaign->queue, &element, &ticket)
                                    : ilv_queue_get(campaign->queue, &element);
        if (error) {
            return error == ENODATA ? 0 : 1;
        }
        see(element);
        if (campaign->takes && ilv_queue_done(campaign->queue, &ticket) != 0) {
            return 2;
        }
    }
}

static uint64_t random_state;

static uint64_t draw(uint64_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % below;
}

/* Kills and replaces; gives how many of the killed were consumers. */
static unsigned kill_some(struct ilv_process **actors)
{
    unsigned consumers = 0;
    for (int i = 0; i < KILLS; i++) {
        for (uint64_t wait = draw(30); wait > 0; wait--) {
            (void)sched_yield();
        }
        const struct timespec nap = {0, (long)draw(1000000)};
        (void)nanosleep(&nap, NULL);
        unsigned who = (unsigned)draw(ACTORS);
        if (ilv_process_kill(actors[who]) == 0) {
            consumers += who >= PRODUCERS;
        }
        (void)ilv_process_join(actors[who]);
        (void)ilv_process_free(actors[who]);
        actors[who] = start(who < PRODUCERS ? produce : consume, NULL);
    }
    return consumers;
}

static void count(unsigned killed_consumers)
{
    unsigned lost = 0;
    unsigned again = 0;
    unsigned long acknowledged = 0;
    for (unsigned l = 0; l < LIVES; l++) {
        const struct life *life = &campaign->lives[l];
        acknowledged += life->acknowledged;
        for (unsigned i = 0; i < EACH; i++) {
            lost += i < life->acknowledged && life->seen[i] == 0;
            again += life->seen[i] > 1 ? life->seen[i] - 1U : 0;
        }
    }
    (void)printf("%lu acknowledged, %u consumers killed, %u lost in hand, %u again\n", acknowledged,
                 killed_consumers, lost, again);
    ILV_CHECK(acknowledged > 0);
    ILV_CHECK(lost <= (campaign->takes ? 0 : killed_consumers));
    ILV_CHECK(again <= (campaign->takes ? killed_consumers : 0));
}

static void run_campaign(enum ilv_queue_order order, bool takes)
{
    struct ilv_process *actors[ACTORS];
    random_state = ilv_test_seed(88172645463325252ULL) + (uint64_t)order;
    campaign = share(sizeof *campaign + LIVES * sizeof(struct life));
    campaign->queue = make(order, 20, takes ? 6 : 0);
    campaign->takes = takes;
    for (int i = 0; i < ACTORS; i++) {
        actors[i] = start(i < PRODUCERS ? produce : consume, NULL);
    }
    unsigned killed = kill_some(actors);
    __atomic_store_n(&campaign->next_life, LIVES, __ATOMIC_RELAXED);
    for (int i = 0; i < ACTORS; i++) {
        int code = -1;
        if (i == PRODUCERS) {
            ILV_CHECK_INT(ilv_queue_join(campaign->queue), 0);
            ILV_CHECK_INT(ilv_queue_close(campaign->queue), 0);
        }
        ILV_CHECK_INT(ilv_process_join(actors[i]), 0);
        ILV_CHECK_INT(ilv_process_exit_code(actors[i], &code), 0);
        ILV_CHECK_INT(code, 0);
        ILV_CHECK_INT(ilv_process_free(actors[i]), 0);
    }
    count(killed);
    ILV_CHECK_INT(ilv_queue_delete(campaign->queue), 0);
}

static void getters_and_putters_of_a_fifo_are_killed(void)
{
    run_campaign(ILV_QUEUE_FIFO, false);
}

static void takers_and_putters_of_a_fifo_are_killed(void)
{
    run_campaign(ILV_QUEUE_FIFO, true);
}

static void getters_and_putters_of_a_lifo_are_killed(void)
{
    run_campaign(ILV_QUEUE_LIFO, false);
}

static void takers_and_putters_of_a_priority_queue_are_killed(void)
{
    run_campaign(ILV_QUEUE_PRIORITY, true);
}

ILV_SUITE(death, ILV_TEST(a_put_is_whole_wherever_the_putter_is_killed),
          ILV_TEST(a_get_takes_one_or_none_wherever_the_getter_is_killed),
          ILV_TEST(nothing_is_lost_wherever_the_taker_is_killed),
          ILV_TEST(an_element_is_done_or_comes_again_wherever_the_taker_is_killed),
          ILV_TEST(closing_leaves_the_elements_wherever_it_is_killed),
          ILV_TEST(a_killed_waiting_reader_leaves_the_queue_to_others),
          ILV_TEST(what_was_put_before_death_is_there),
          ILV_TEST(a_producer_can_be_joined_before_its_elements_are_got),
          ILV_TEST(what_a_dead_consumer_held_is_done_by_another_before_join_returns),
          ILV_TEST(the_ticket_of_another_process_is_refused),
          ILV_TEST(a_queue_works_at_two_addresses),
          ILV_TEST(getters_and_putters_of_a_fifo_are_killed),
          ILV_TEST(takers_and_putters_of_a_fifo_are_killed),
          ILV_TEST(getters_and_putters_of_a_lifo_are_killed),
          ILV_TEST(takers_and_putters_of_a_priority_queue_are_killed));
