/* SPDX-License-Identifier: MIT */
/*
 * speed: what a run and a point cost, beside what they would cost without a scheduler.
 *
 *   speed RUNTIME POINTS BARE        paths of libinterleave.so and of the two programs
 *
 * Everything is measured in alternating rounds on one CPU, and printed as the ratio of medians.
 * "Resident private pages" of the bare program are made as many as those of the stopped program
 * under the sandbox.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client.h"

#define ROUNDS 11
#define RUNS 256
#define POINT_PAIRS "200000"
#define POINTS (4 * 200000.0)
#define TRAP_CALLS 100000.0

enum { FIBER_OFF, FIBER_ON, BATON_OFF, BATON_ON, BARE_FORK, BARE_BATON, SERIES };

static const char *runtime;
static char *points_program;
static const char *bare_program;
static double sample[SERIES][ROUNDS];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, by_value);
    return values[ROUNDS / 2];
}

static void start(struct client *client, enum ilv_backend backend, bool detect, char **argv)
{
    client_make(client);
    client->block->config.backend = (uint16_t)backend;
    if (!detect)
        client->block->config.detectors = 0;
    if (client_start(client, argv, runtime) != ILV_ANSWER_READY) {
        fprintf(stderr, "speed: %s does not start under the sandbox\n", argv[0]);
        exit(2);
    }
}

static void plan_all(struct client *client, int strategy, uint32_t first, uint32_t count)
{
    struct ilv_parameters parameters = {.p = 0.1, .d = 3};
    struct ilv_knowledge knowledge = {
        .runs = 1, .max_choices = 60, .max_steps = 110, .max_tasks = 3};
    for (uint32_t i = 0; i < count; i++) {
        ilv_strategy_plan(strategy, &parameters, 1, first + i, false, 0, &knowledge,
                          &client->block->plan[i]);
        client->block->plan[i].max_steps = 10000000;
    }
}

/* Nanoseconds a run, over RUNS runs of the default strategy. */
static double time_runs(struct client *client, uint32_t first)
{
    plan_all(client, -1, first, RUNS);
    double begin = now();
    uint32_t done = client_run(client, RUNS);
    double took = now() - begin;
    if (done != RUNS) {
        fprintf(stderr, "speed: a run found %s\n",
                ilv_verdict_word(client->block->summary[done - 1].verdict));
        exit(2);
    }
    return took / RUNS;
}

static unsigned long private_pages(pid_t pid)
{
    char path[64];
    char line[256];
    unsigned long total = 0;
    unsigned long kib;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "Private_%*[a-zA-Z]: %lu", &kib) == 1)
            total += kib / 4;
    if (file != NULL)
        fclose(file);
    return total;
}

/* Hand-overs in a run, the mean over the runs of one batch. */
static unsigned count_handovers(struct client *client)
{
    unsigned long total = 0;
    for (uint32_t i = 0; i < RUNS / 8; i++) {
        plan_all(client, -1, i, 1);
        client->block->plan[0].record = 1;
        client_run(client, 1);
        const struct ilv_run *run = &client->block->run;
        unsigned last = 0;
        for (uint32_t s = 0; s < run->trace_count; s++) {
            if ((run->trace[s].flags & ILV_BLOCKED) == 0 && run->trace[s].task != last) {
                last = run->trace[s].task;
                total++;
            }
        }
    }
    return (unsigned)(total / (RUNS / 8));
}

static double time_bare(const char *kind, unsigned long pages, const char *rest)
{
    char command[1024];
    double result = 0;
    snprintf(command, sizeof command, "%s %s %lu %d %s", bare_program, kind, pages, RUNS, rest);
    FILE *out = popen(command, "re");
    if (out == NULL || fscanf(out, "%lf", &result) != 1) {
        fprintf(stderr, "speed: %s does not run\n", bare_program);
        exit(2);
    }
    pclose(out);
    return result;
}

static void print_runs(const char *what, int series, int base, double target)
{
    double run = median(sample[series]);
    double bare = median(sample[base]);
    printf("  %-28s %8.0f runs/s  %.2f of the bare one (target %.2f)\n", what, 1e9 / run,
           bare / run, target);
}

static void measure_runs(void)
{
    char *argv[] = {points_program, (char[]){"2"}, (char[]){"24"}, NULL};
    struct client client[4];
    char rest[64];
    for (int i = 0; i < 4; i++)
        start(&client[i], i < BATON_OFF ? ILV_BACKEND_FIBER : ILV_BACKEND_BATON, i % 2 != 0, argv);
    for (int i = 0; i < 4; i++)
        time_runs(&client[i], 0);
    unsigned handovers = count_handovers(&client[BATON_OFF]);
    unsigned long pages[2] = {private_pages(client[FIBER_OFF].pid),
                              private_pages(client[BATON_OFF].pid)};
    snprintf(rest, sizeof rest, "2 %u", handovers);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < 4; i++)
            sample[i][round] = time_runs(&client[i], (uint32_t)round * RUNS);
        sample[BARE_FORK][round] = time_bare("fork", pages[0], "");
        sample[BARE_BATON][round] = time_bare("baton", pages[1], rest);
    }
    printf("runs: three tasks, %u points, %u hand-overs; pages %lu (fiber) and %lu (baton)\n",
           client[FIBER_OFF].block->summary[0].steps, handovers, pages[0], pages[1]);
    printf("  %-28s %8.0f runs/s\n", "bare fork", 1e9 / median(sample[BARE_FORK]));
    print_runs("fiber, detectors off", FIBER_OFF, BARE_FORK, 0.45);
    print_runs("fiber, detectors on", FIBER_ON, BARE_FORK, 0.33);
    printf("  %-28s %8.0f runs/s\n", "bare threads and hand-overs",
           1e9 / median(sample[BARE_BATON]));
    print_runs("baton, detectors off", BATON_OFF, BARE_BATON, 0.6);
    print_runs("baton, detectors on", BATON_ON, BARE_BATON, 0.6);
    for (int i = 0; i < 4; i++)
        client_stop(&client[i]);
}

/* Nanoseconds that one run takes beyond a run without pairs or calls. */
static double time_long_run(enum ilv_backend backend, int strategy, bool detect, char **argv)
{
    static double long_run[ROUNDS];
    static double short_run[ROUNDS];
    char *empty[] = {points_program, (char[]){"2"}, (char[]){"0"}, NULL};
    struct client full;
    struct client none;
    start(&full, backend, detect, argv);
    start(&none, backend, detect, empty);
    for (int round = 0; round < ROUNDS; round++) {
        plan_all(&full, strategy, 0, 1);
        plan_all(&none, strategy, 0, 1);
        double begin = now();
        client_run(&full, 1);
        double middle = now();
        client_run(&none, 1);
        long_run[round] = middle - begin;
        short_run[round] = now() - middle;
    }
    client_stop(&full);
    client_stop(&none);
    return median(long_run) - median(short_run);
}

static void measure_points(void)
{
    char *argv[] = {points_program, (char[]){"2"}, (char[]){POINT_PAIRS}, NULL};
    static const struct {
        const char *what;
        int strategy;
        double off, on;
    } row[] = {{"without a switch", ILV_STRATEGY_non_preemptive, 60, 100},
               {"with a switch", ILV_STRATEGY_round_robin, 100, 150},
               {"POS", ILV_STRATEGY_pos, 0, 0},
               {"PCT", ILV_STRATEGY_pct, 0, 0},
               {"random walk", ILV_STRATEGY_random, 0, 0}};
    printf("points: fiber, three tasks, ns (detectors off, on; targets)\n");
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        double off = time_long_run(ILV_BACKEND_FIBER, row[i].strategy, false, argv) / POINTS;
        double on = time_long_run(ILV_BACKEND_FIBER, row[i].strategy, true, argv) / POINTS;
        printf("  %-28s %6.1f %6.1f", row[i].what, off, on);
        if (row[i].off > 0)
            printf("  (%.0f, %.0f)", row[i].off, row[i].on);
        printf("\n");
    }
}

static void measure_trap(void)
{
    char *argv[] = {points_program, (char[]){"0"}, (char[]){"0"}, (char[]){"100000"}, NULL};
    double ns = time_long_run(ILV_BACKEND_FIBER, ILV_STRATEGY_non_preemptive, true, argv);
    printf("trap: %.0f ns a system call\n", ns / TRAP_CALLS);
}

static void print_configuration(void)
{
    printf("configuration: one CPU; medians of %d alternating rounds of %d runs; default strategy\n"
           "(pos and pct in turns) unless named; trap: system call user dispatch; %s\n",
           ROUNDS, RUNS, runtime);
}

int main(int argc, char **argv)
{
    cpu_set_t one;
    if (argc != 4) {
        fprintf(stderr, "usage: speed RUNTIME POINTS BARE\n");
        return 2;
    }
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    runtime = argv[1];
    points_program = argv[2];
    bare_program = argv[3];
    print_configuration();
    measure_runs();
    measure_points();
    measure_trap();
    return 0;
}
