/* SPDX-License-Identifier: MIT */
/*
 * weak.c: see weak.h. It is not compiled for the sandbox, and calls nothing that the sandbox sees
 * between weak_touch() and the end of an operation, memcpy included: so operations are not
 * interrupted.
 */
#define WEAK_INSIDE
#include "weak.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 16, PLACES = 8192, KEPT = 6 };

typedef uint32_t clocks[THREADS];

/* A store of a word. */
struct entry {
    uint64_t value;
    unsigned thread;
    uint32_t when; /* of the thread's clock; 0: before everything */
    bool consistent;
    bool releases;
    clocks released;
};

/* A word or a mutex. */
struct place {
    const volatile void *at;
    uint64_t count; /* stores so far: store n is kept in place n modulo KEPT */
    uint64_t first; /* older ones are not to be seen by anybody */
    struct entry kept[KEPT];
    uint64_t seen[THREADS]; /* the youngest store that the thread saw */
};

static struct place places[PLACES];
static clocks now[THREADS];
static unsigned threads = 1;
static __thread unsigned self;
static uint64_t state = 0x9e3779b97f4a7c15U;

/* Compiled for the sandbox: a point where it may let others run. */
void weak_touch(const volatile void *at);

static uint64_t chance(uint64_t below)
{
    state ^= state << 13 ^ self;
    state ^= state >> 7;
    state ^= state << 17;
    return (state >> 11) % below;
}

static struct place *place_of(const volatile void *at)
{
    uint64_t hash = (uintptr_t)at * 0x9e3779b97f4a7c15U >> 40;
    for (unsigned i = 0; i < PLACES; i++) {
        struct place *place = &places[(hash + i) % PLACES];
        if (place->at == NULL)
            place->at = at;
        if (place->at == at)
            return place;
    }
    fprintf(stderr, "weak: too many words\n");
    abort();
}

static struct entry *entry_of(struct place *place, uint64_t n)
{
    return &place->kept[n % KEPT];
}

static void join_clocks(clocks into, const clocks from)
{
    for (unsigned i = 0; i < THREADS; i++)
        into[i] = from[i] > into[i] ? from[i] : into[i];
}

static uint64_t read_word(const volatile void *at, unsigned size)
{
    if (size == 8)
        return *(const volatile uint64_t *)at;
    return size == 4 ? *(const volatile uint32_t *)at : *(const volatile unsigned char *)at;
}

static bool acquires(int order)
{
    return order == __ATOMIC_ACQUIRE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

static bool releases(int order)
{
    return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

/* What was written by other means is there for all. */
static struct place *current(const volatile void *at, unsigned size)
{
    weak_touch(at);
    struct place *place = place_of(at);
    uint64_t value = read_word(at, size);
    if (place->count == 0 || entry_of(place, place->count - 1)->value != value) {
        *entry_of(place, place->count) = (struct entry){.value = value};
        place->first = place->count++;
    }
    return place;
}

/* The oldest store that the calling thread may see. */
static uint64_t oldest(struct place *place, int order)
{
    uint64_t n = place->count - 1;
    uint64_t least = place->first > place->seen[self] ? place->first : place->seen[self];
    least = place->count > KEPT && place->count - KEPT > least ? place->count - KEPT : least;
    for (; n > least; n--) {
        const struct entry *entry = entry_of(place, n);
        if (entry->when <= now[self][entry->thread] ||
            (order == __ATOMIC_SEQ_CST && entry->consistent))
            break;
    }
    return n;
}

static void observe(struct place *place, uint64_t n, int order)
{
    const struct entry *entry = entry_of(place, n);
    place->seen[self] = n > place->seen[self] ? n : place->seen[self];
    if (acquires(order) && entry->releases)
        join_clocks(now[self], entry->released);
}

uint64_t weak_load(const volatile void *at, unsigned size, int order)
{
    struct place *place = current(at, size);
    uint64_t from = oldest(place, order);
    uint64_t n = chance(2) ? from + chance(place->count - from) : place->count - 1;
    observe(place, n, order);
    return entry_of(place, n)->value;
}

/* `goes_on`: the store is part of one operation with a load, so what was released before stays
 * so. */
static void record(struct place *place, uint64_t value, int order, bool goes_on)
{
    const struct entry *before = entry_of(place, place->count - 1);
    struct entry entry = {.value = value, .thread = self, .when = ++now[self][self]};
    entry.consistent = order == __ATOMIC_SEQ_CST;
    entry.releases = releases(order) || (goes_on && before->releases);
    if (goes_on && before->releases)
        join_clocks(entry.released, before->released);
    if (releases(order))
        join_clocks(entry.released, now[self]);
    place->seen[self] = place->count;
    *entry_of(place, place->count++) = entry;
}

static void write_word(volatile void *at, unsigned size, uint64_t value)
{
    if (size == 8)
        *(volatile uint64_t *)at = value;
    else if (size == 4)
        *(volatile uint32_t *)at = (uint32_t)value;
    else
        *(volatile unsigned char *)at = (unsigned char)value;
}

static uint64_t cut(uint64_t value, unsigned size)
{
    return size == 8 ? value : value & ((1ULL << size * 8) - 1);
}

void weak_store(volatile void *at, unsigned size, uint64_t value, int order)
{
    struct place *place = current(at, size);
    write_word(at, size, value);
    record(place, cut(value, size), order, false);
}

uint64_t weak_change(volatile void *at, unsigned size, enum weak_operation operation, uint64_t with,
                     int order)
{
    struct place *place = current(at, size);
    uint64_t old = read_word(at, size);
    const uint64_t results[] = {[WEAK_STORE] = with,
                                [WEAK_ADD] = old + with,
                                [WEAK_AND] = old & with,
                                [WEAK_OR] = old | with};
    observe(place, place->count - 1, order);
    write_word(at, size, results[operation]);
    record(place, cut(results[operation], size), order, true);
    return old;
}

int weak_compare(volatile void *at, unsigned size, void *expected, uint64_t desired, int may_fail,
                 int success, int failure)
{
    struct place *place = current(at, size);
    uint64_t old = read_word(at, size);
    if (old != read_word(expected, size) || (may_fail && chance(8) == 0)) {
        observe(place, place->count - 1, failure);
        write_word(expected, size, old);
        return 0;
    }
    observe(place, place->count - 1, success);
    write_word(at, size, desired);
    record(place, cut(desired, size), success, true);
    return 1;
}

int weak_locked(pthread_mutex_t *mutex, int error)
{
    if (error == 0 || error == EOWNERDEAD)
        join_clocks(now[self], place_of(mutex)->kept[0].released);
    return error;
}

void weak_unlocks(pthread_mutex_t *mutex)
{
    join_clocks(place_of(mutex)->kept[0].released, now[self]);
    now[self][self]++;
}

/* Threads. */

struct start {
    void *(*body)(void *);
    void *argument;
    unsigned number;
};

static pthread_t handles[THREADS];

static void *begin(void *argument)
{
    struct start start = *(struct start *)argument;
    free(argument);
    self = start.number;
    return start.body(start.argument);
}

int weak_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *),
                void *argument)
{
    struct start *start = malloc(sizeof *start);
    if (start == NULL || threads == THREADS)
        abort();
    *start = (struct start){body, argument, threads++};
    unsigned number = start->number;
    join_clocks(now[number], now[self]);
    now[number][number] = 1;
    now[self][self]++;
    int error = pthread_create(thread, attributes, begin, start);
    handles[number] = *thread;
    return error;
}

int weak_join(pthread_t thread, void **result)
{
    int error = pthread_join(thread, result);
    for (unsigned i = 1; i < threads && error == 0; i++)
        if (pthread_equal(handles[i], thread))
            join_clocks(now[self], now[i]);
    return error;
}
