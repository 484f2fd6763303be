/* SPDX-License-Identifier: MIT */
/*
 * race: what the race detector costs for each access and each synchronisation, in nanoseconds:
 * processor time, the fastest of several rounds, each on fresh memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "race.h"

#define MEMORY ((size_t)4 << 30)
#define PLACES UINT64_C(0x7f0000000000)
#define ROUNDS 9
#define TASKS 128u

static struct ilv_race *race;
static unsigned found;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline uint64_t place(unsigned word)
{
    return PLACES + (uint64_t)word * 8;
}

static void touch(unsigned task, uint64_t address, uint32_t size, unsigned what)
{
    struct ilv_race_pair pair;
    struct ilv_race_access access = {.address = address,
                                     .size = size,
                                     .step = 1,
                                     .task = (uint16_t)task,
                                     .what = (uint16_t)what};
    found += ilv_race_access(race, &access, &pair) & ILV_RACE_FOUND;
}

/* As instrumented code does it. */
static inline void access_word(unsigned task, uint64_t address, unsigned what)
{
    if (!ilv_race_same(race, task, address, 8, what)) {
        touch(task, address, 8, what);
    }
}

/* ---- what is measured: each returns nanoseconds an operation -------------------------------- */

static double same(void)
{
    const unsigned n = 200000;
    for (unsigned w = 0; w < 64; w++) {
        access_word(0, place(w), ILV_RACE_WRITE);
    }
    double start = now();
    for (unsigned i = 0; i < n; i++) {
        access_word(0, place(i % 64), ILV_RACE_WRITE);
        __asm__ volatile("" ::: "memory");
    }
    return (now() - start) / n;
}

static double new_epoch(unsigned before, unsigned what)
{
    const unsigned epochs = 2000;
    for (unsigned w = 0; w < 64; w++) {
        access_word(0, place(w), before);
    }
    double start = now();
    for (unsigned i = 0; i < epochs; i++) {
        ilv_race_sync(race, 0, 1, ILV_RACE_RELEASE);
        for (unsigned w = 0; w < 64; w++) {
            access_word(0, place(w), what);
        }
    }
    return (now() - start) / (epochs * 64);
}

static double write_in_new_epochs(void)
{
    return new_epoch(ILV_RACE_WRITE, ILV_RACE_WRITE);
}

static double read_in_new_epochs(void)
{
    return new_epoch(ILV_RACE_READ, ILV_RACE_READ);
}

static double read_of_written_in_new_epochs(void)
{
    return new_epoch(ILV_RACE_WRITE, ILV_RACE_READ);
}

static double alternate(bool access)
{
    const unsigned n = 100000;
    ilv_race_task_begin(race, 1, 0);
    double start = now();
    for (unsigned i = 0; i < n; i++) {
        ilv_race_sync(race, i % 2, 1, ILV_RACE_ACQUIRE);
        if (access) {
            access_word(i % 2, PLACES, ILV_RACE_READ);
            access_word(i % 2, PLACES, ILV_RACE_WRITE);
        }
        ilv_race_sync(race, i % 2, 1, ILV_RACE_RELEASE);
    }
    return (now() - start) / n;
}

static double lock_and_unlock(void)
{
    return alternate(false);
}

static double lock_read_write_unlock(void)
{
    return alternate(true);
}

/* 100 other tasks live, and have made themselves known. */
static double lock_read_write_unlock_of_many(void)
{
    for (unsigned t = 2; t < 102; t++) {
        ilv_race_task_begin(race, t, 0);
        ilv_race_sync(race, t, 1, ILV_RACE_RELEASE);
    }
    return alternate(true);
}

static double first_touch(void)
{
    const unsigned n = 1u << 20;
    double start = now();
    for (unsigned i = 0; i < n; i++) {
        access_word(0, place(i), ILV_RACE_WRITE);
    }
    return (now() - start) / n;
}

static double first_range(void)
{
    double start = now();
    touch(0, PLACES, 1u << 20, ILV_RACE_WRITE);
    return now() - start;
}

/* Of which each word was written by itself. */
static double range_of_words(void)
{
    first_touch();
    ilv_race_sync(race, 0, 1, ILV_RACE_RELEASE);
    return first_range();
}

static double bytes_one_after_another(void)
{
    const unsigned n = 1u << 18;
    double start = now();
    for (unsigned i = 0; i < n; i++) {
        if (!ilv_race_same(race, 0, PLACES + i % 4096, 1, 1)) {
            touch(0, PLACES + i % 4096, 1, ILV_RACE_WRITE);
        }
        if (i % 4096 == 0) {
            ilv_race_sync(race, 0, 1, ILV_RACE_RELEASE);
        }
    }
    return (now() - start) / n;
}

static double fresh_block(void)
{
    const unsigned n = 100000;
    double start = now();
    for (unsigned i = 0; i < n; i++) {
        ilv_race_fresh(race, place(i % 64 * 8), 64);
        access_word(0, place(i % 64 * 8), ILV_RACE_WRITE);
    }
    return (now() - start) / n;
}

static double fresh_megabyte(void)
{
    first_touch();
    double start = now();
    ilv_race_fresh(race, PLACES, 1u << 20);
    return now() - start;
}

static double atomics_of_two(void)
{
    const unsigned n = 100000;
    struct ilv_race_pair pair;
    ilv_race_task_begin(race, 1, 0);
    double start = now();
    for (unsigned i = 0; i < n; i++) {
        struct ilv_race_access access = {.address = PLACES,
                                         .size = 8,
                                         .step = 1,
                                         .task = (uint16_t)(i % 2),
                                         .what = ILV_RACE_ATOMIC | ILV_RACE_WRITE};
        found += ilv_race_atomic(race, &access, true, 5, &pair) & ILV_RACE_FOUND;
    }
    return (now() - start) / n;
}

/* 100 tasks have read the word, each in turn reads it again in a new epoch. */
static double read_of_a_hundred(void)
{
    const unsigned n = 20000;
    for (unsigned t = 1; t <= 100; t++) {
        ilv_race_task_begin(race, t, 0);
    }
    double start = now();
    for (unsigned i = 0; i < n; i++) {
        ilv_race_sync(race, 1 + i % 100, 1, ILV_RACE_RELEASE);
        access_word(1 + i % 100, PLACES, ILV_RACE_READ);
    }
    return (now() - start) / n;
}

static double empty_run(void)
{
    double start = now();
    void *memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    race = ilv_race_begin(memory, MEMORY, 1024, 16384);
    touch(0, PLACES, 8, ILV_RACE_WRITE);
    munmap(memory, MEMORY);
    return now() - start;
}

static void print(const char *what, double (*measure)(void))
{
    double best = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        void *memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        race = ilv_race_begin(memory, MEMORY, TASKS, 64);
        double ns = measure();
        munmap(memory, MEMORY);
        best = i == 0 || ns < best ? ns : best;
    }
    printf("%10.1f ns  %s\n", best, what);
}

int main(void)
{
    print("an access that is the same as one before", same);
    print("a write of a word written in an older epoch", write_in_new_epochs);
    print("a read of a word read in an older epoch", read_in_new_epochs);
    print("a read of a word written in an older epoch", read_of_written_in_new_epochs);
    print("two tasks alternately: lock, unlock", lock_and_unlock);
    print("two tasks alternately: lock, read, write, unlock", lock_read_write_unlock);
    print("... with 100 other tasks", lock_read_write_unlock_of_many);
    print("two tasks alternately: an atomic read-modify-write", atomics_of_two);
    print("a read of a word that 100 tasks read, and a release", read_of_a_hundred);
    print("the first access ever to a word, one after another", first_touch);
    print("a megabyte at once", first_range);
    print("... that was written word by word", range_of_words);
    print("a byte, one after another", bytes_one_after_another);
    print("a fresh block of 64 bytes and an access to it", fresh_block);
    print("a fresh megabyte", fresh_megabyte);
    print("begin, one access, end", empty_run);
    return found == 0 ? 0 : 1;
}
