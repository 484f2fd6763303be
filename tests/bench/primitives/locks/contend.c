/* SPDX-License-Identifier: MIT */
#include "contend.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAIRS 1000000L

struct table {
    char lock[CONTEND_SIZE];
    char apart[64];
    long count;
    uint32_t here; /* tasks that are ready to begin */
};

static const struct contender *contender;
static struct table *table;

static double now(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void pin(unsigned processor)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    (void)sched_setaffinity(0, sizeof set, &set);
}

static void count(void)
{
    for (long i = 0; i < PAIRS; i++) {
        contender->lock(table->lock);
        table->count++;
        contender->unlock(table->lock);
    }
}

/* Both begin together. */
static void meet(unsigned processor)
{
    pin(processor);
    __atomic_fetch_add(&table->here, 1, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(&table->here, __ATOMIC_ACQUIRE) < 2)
        ;
}

static void *second(void *unused)
{
    meet(1);
    count();
    return unused;
}

static double alone(void)
{
    pin(0);
    double start = now(CLOCK_PROCESS_CPUTIME_ID);
    count();
    return (now(CLOCK_PROCESS_CPUTIME_ID) - start) / PAIRS;
}

static double with_thread(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, second, NULL) != 0)
        exit(2);
    meet(0);
    double start = now(CLOCK_MONOTONIC);
    count();
    (void)pthread_join(thread, NULL);
    return (now(CLOCK_MONOTONIC) - start) / (2 * PAIRS);
}

static double with_process(void)
{
    pid_t child = fork();
    if (child == 0) {
        (void)second(NULL);
        _exit(0);
    }
    meet(0);
    double start = now(CLOCK_MONOTONIC);
    count();
    (void)waitpid(child, NULL, 0);
    return (now(CLOCK_MONOTONIC) - start) / (2 * PAIRS);
}

static const struct contender *find(const char *name, const struct contender *row)
{
    while (row->name && strcmp(row->name, name) != 0)
        row++;
    return row->name ? row : NULL;
}

int contend(int argc, char **argv, const struct contender *rows)
{
    contender = argc > 2 ? find(argv[1], rows) : NULL;
    table = mmap(NULL, sizeof *table, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!contender || table == MAP_FAILED) {
        (void)fprintf(stderr, "usage: %s LOCK alone|threads|processes [private|shared]\n", argv[0]);
        return 2;
    }
    int two = strcmp(argv[2], "alone") != 0;
    int processes = strcmp(argv[2], "processes") == 0;
    contender->make(table->lock, processes || (argc > 3 && strcmp(argv[3], "shared") == 0));
    (void)printf("%.1f\n", processes ? with_process() : two ? with_thread() : alone());
    return table->count == PAIRS * (1 + two) ? 0 : 1;
}
