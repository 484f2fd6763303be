/* SPDX-License-Identifier: MIT */
/*
 * dict [ROUNDS]: a shared dict of 16-byte keys and 64-byte values beside the others, in nanoseconds
 * for each get and set, by one process and by two at a time: medians of alternating rounds. "time"
 * is what passes on the clock, divided by what all processes did; "cpu" is processor time for an
 * operation.
 */
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "dict_contender.h"

enum {
    KEYS = 100000,
    OPERATIONS = 100000,
    MOST_ROUNDS = 11,
    CONTENDERS = 4,
    JOBS = 4, /* get by 1, get by 2, set by 1, set by 2 */
};

static const struct contender *const contenders[CONTENDERS] = {
#ifdef HAVE_BOOST
    [1] = &dict_boost_robust,
    [2] = &dict_boost_plain,
#endif
#ifdef HAVE_LMDB
    [3] = &dict_lmdb,
#endif
    [0] = &dict_ilv,
};
static const char *const missing[CONTENDERS] = {"", "Boost (libboost-dev)", "",
                                                "LMDB (liblmdb-dev)"};

static unsigned char (*keys)[KEY];
static int rounds = MOST_ROUNDS;
static double times[CONTENDERS][JOBS][MOST_ROUNDS];
static double cpus[CONTENDERS][JOBS][MOST_ROUNDS];

static struct shared {
    uint32_t ready;
    uint32_t go;
    double begin[2];
    double end[2];
    double cpu[2];
} * shared;

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint64_t drawn(uint64_t *state)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return *state >> 20;
}

static void fail(const struct contender *contender, const char *what)
{
    fprintf(stderr, "dict: %s: %s\n", contender->name, what);
    exit(1);
}

static void operate(const struct contender *contender, bool setting, uint64_t seed)
{
    unsigned char value[VALUE] = {0};
    for (int i = 0; i < OPERATIONS; i++) {
        const unsigned char *key = keys[drawn(&seed) % KEYS];
        value[0] = (unsigned char)i;
        if (setting ? contender->set(key, value) : contender->get(key, value))
            fail(contender, "an operation failed");
    }
}

static void pin(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu % (size_t)sysconf(_SC_NPROCESSORS_ONLN), &set);
    sched_setaffinity(0, sizeof set, &set);
}

static void work(const struct contender *contender, bool setting, int number, uint64_t seed)
{
    pin(number);
    if (contender->begin() != 0)
        fail(contender, "cannot begin");
    operate(contender, false, seed);
    __atomic_fetch_add(&shared->ready, 1, __ATOMIC_ACQ_REL);
    while (!__atomic_load_n(&shared->go, __ATOMIC_ACQUIRE))
        sched_yield();
    double cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    shared->begin[number] = now(CLOCK_MONOTONIC);
    operate(contender, setting, seed + 1);
    shared->end[number] = now(CLOCK_MONOTONIC);
    shared->cpu[number] = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    _exit(0);
}

static void run(int c, int job, int round)
{
    bool setting = job >= 2;
    int processes = 1 + job % 2;
    int status = 0;
    memset(shared, 0, sizeof *shared);
    for (int i = 0; i < processes; i++)
        if (fork() == 0)
            work(contenders[c], setting, i, (uint64_t)round * 8 + (uint64_t)job * 2 + (uint64_t)i);
    while (__atomic_load_n(&shared->ready, __ATOMIC_ACQUIRE) != (uint32_t)processes)
        sched_yield();
    __atomic_store_n(&shared->go, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < processes; i++)
        if (wait(&status) < 0 || status != 0)
            fail(contenders[c], "a process failed");
    double begin = shared->begin[0];
    double end = shared->end[0];
    for (int i = 1; i < processes; i++) {
        begin = shared->begin[i] < begin ? shared->begin[i] : begin;
        end = shared->end[i] > end ? shared->end[i] : end;
    }
    times[c][job][round] = (end - begin) / OPERATIONS / processes;
    cpus[c][job][round] = (shared->cpu[0] + shared->cpu[1]) / OPERATIONS / processes;
}

static void fill(const struct contender *contender)
{
    unsigned char value[VALUE] = {1};
    int status = 0;
    if (contender->make(KEYS) != 0)
        fail(contender, "cannot be made");
    if (fork() == 0) {
        if (contender->begin() != 0)
            fail(contender, "cannot begin");
        for (int i = 0; i < KEYS; i++)
            if (contender->set(keys[i], value) != 0)
                fail(contender, "cannot be filled");
        _exit(0);
    }
    if (wait(&status) < 0 || status != 0)
        fail(contender, "cannot be filled");
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *all)
{
    qsort(all, (size_t)rounds, sizeof *all, compare);
    return all[rounds / 2];
}

static void report(void)
{
    printf("%-22s%18s%18s%18s%18s\n%-22s", "ns: time (cpu)", "get, 1 process", "get, 2", "set, 1",
           "set, 2", "");
    for (int c = 0; c < CONTENDERS; c++) {
        if (contenders[c] == NULL)
            continue;
        printf("\n%-22s", contenders[c]->name);
        for (int job = 0; job < JOBS; job++)
            printf("%9.1f (%6.1f)", median(times[c][job]), median(cpus[c][job]));
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    uint64_t state = 1;
    if (argc == 2 && atoi(argv[1]) > 0 && atoi(argv[1]) < MOST_ROUNDS)
        rounds = atoi(argv[1]);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    keys = malloc(KEYS * sizeof *keys);
    if (shared == MAP_FAILED || keys == NULL)
        return 1;
    for (int i = 0; i < KEYS * KEY; i++)
        (*keys)[i] = (unsigned char)drawn(&state);
    for (int c = 0; c < CONTENDERS; c++)
        if (contenders[c] != NULL)
            fill(contenders[c]);
        else if (missing[c][0] != '\0')
            printf("skipped: %s was not there when this was built\n", missing[c]);
    for (int round = 0; round < rounds; round++)
        for (int job = 0; job < JOBS; job++)
            for (int c = 0; c < CONTENDERS; c++)
                if (contenders[(c + round) % CONTENDERS] != NULL)
                    run((c + round) % CONTENDERS, job, round);
    report();
    return 0;
}
