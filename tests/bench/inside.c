/* SPDX-License-Identifier: MIT */
/*
 * bench_inside INTERLEAVE RUNTIME LOOP.c: what an access costs inside the sandbox in a program of
 * `interleave cc`: while there is one task, and while a second one is alive and races are looked
 * for; each beside the same loop of the same program outside. Of a run with the loop the time of
 * one without it is taken off; the clock is ours, since the program's is virtual, and counts what
 * else the machine does: so the least of several rounds is told.
 */
#include <stdio.h>
#include <unistd.h>

#include "client.h"
#include "measure.h"

#define ROUNDS 11
#define ITERATIONS "1000000"
#define ACCESSES (2 * 1.1 * 1000000) /* the loop warms up for a tenth */

static const char *runtime;
static char program[] = "/tmp/bench-inside-XXXXXX";

static struct way {
    const char *name;
    const char *beside; /* the program's second argument */
    double target;
    double with[ROUNDS], without[ROUNDS], outside[ROUNDS];
} ways[] = {{.name = "one task", .beside = "0", .target = 15},
            {.name = "a second task, races looked for", .beside = "1", .target = 40}};
#define WAYS (sizeof ways / sizeof *ways)

static int compile(const char *command, const char *loop)
{
    char line[2048];
    int fd = mkstemp(program);
    if (fd < 0)
        return -1;
    close(fd);
    snprintf(line, sizeof line, "%s cc --quiet -O2 -pthread %s -o %s", command, loop, program);
    return system(line);
}

static void start(struct client *client, char *iterations, const char *beside)
{
    char *argv[] = {program, iterations, (char[]){*beside, '\0'}, NULL};
    client_make(client);
    client->block->config.backend = ILV_BACKEND_FIBER;
    if (client_start(client, argv, runtime) != ILV_ANSWER_READY) {
        fprintf(stderr, "bench_inside: the loop does not start under the sandbox\n");
        exit(2);
    }
}

static double time_run(struct client *client)
{
    struct ilv_parameters parameters = {.p = 0.1, .d = 3};
    struct ilv_knowledge knowledge = {0};
    ilv_strategy_plan(ILV_STRATEGY_non_preemptive, &parameters, 1, 0, false, 0, &knowledge,
                      &client->block->plan[0]);
    client->block->plan[0].max_steps = 10000;
    double begin = now();
    uint32_t done = client_run(client, 1);
    double took = now() - begin;
    if (done != 1 || client->block->summary[0].verdict != ILV_VERDICT_NONE) {
        fprintf(stderr, "bench_inside: the run found %s\n",
                ilv_verdict_word(client->block->summary[0].verdict));
        exit(2);
    }
    return took;
}

static double time_outside(const char *beside)
{
    char line[128];
    double ns = -1;
    snprintf(line, sizeof line, "%s " ITERATIONS " %s", program, beside);
    FILE *pipe = popen(line, "re");
    if (!pipe || fscanf(pipe, "%lf", &ns) != 1)
        fprintf(stderr, "bench_inside: no number from the loop\n");
    if (pipe)
        pclose(pipe);
    return ns;
}

static double least(const double *values)
{
    double found = values[0];
    for (size_t round = 1; round < ROUNDS; round++)
        found = values[round] < found ? values[round] : found;
    return found;
}

static void measure(struct way *way)
{
    struct client full, none;
    start(&full, (char[]){ITERATIONS}, way->beside);
    start(&none, (char[]){"0"}, way->beside);
    for (size_t round = 0; round < ROUNDS; round++) {
        way->with[round] = time_run(&full);
        way->without[round] = time_run(&none);
        way->outside[round] = time_outside(way->beside);
    }
    client_stop(&full);
    client_stop(&none);
}

int main(int argc, char **argv)
{
    if (argc != 4 || compile(argv[1], argv[3])) {
        fprintf(stderr, "usage: bench_inside INTERLEAVE RUNTIME LOOP.c\n");
        return 2;
    }
    runtime = argv[2];
    stay_here();
    printf("an access, ns (the least of %d rounds)       inside outside\n", ROUNDS);
    for (size_t i = 0; i < WAYS; i++) {
        measure(&ways[i]);
        double inside = (least(ways[i].with) - least(ways[i].without)) / ACCESSES;
        printf("  %-40s %7.2f %7.2f  (under %g)\n", ways[i].name, inside, least(ways[i].outside),
               ways[i].target);
    }
    unlink(program);
    return 0;
}
