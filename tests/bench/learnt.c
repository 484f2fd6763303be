/* SPDX-License-Identifier: MIT */
/*
 * bench_learnt RUNTIME SCENARIOS: what it saves that only accesses to contended memory are points.
 * Every program that SCENARIOS (the folder where they are built) has of `interleave cc` makes runs,
 * where races are allowed, with every access a point and with those to words that a few rounds
 * have learnt: points a run and runs a second, of the default strategy. The largest sizes of a bug
 * are left out: the small ones tell the same.
 */
#include <glob.h>
#include <stdio.h>

#include "client.h"
#include "measure.h"

#define ROUNDS 5
#define RUNS 64
#define LEARNING 3 /* rounds */

enum { LEARNT, ALL, WAYS };

static const char *runtime;

struct series {
    struct client client;
    double points[ROUNDS], rate[ROUNDS];
};

static void start(struct client *client, char *program, enum ilv_points points)
{
    char *argv[] = {program, NULL};
    client_make(client);
    client->block->config.backend = ILV_BACKEND_FIBER;
    client->block->config.points = (uint16_t)points;
    client->block->config.allow_races = 1;
    if (client_start(client, argv, runtime) != ILV_ANSWER_READY) {
        fprintf(stderr, "bench_learnt: %s does not start under the sandbox\n", program);
        exit(2);
    }
}

static bool is_known(const struct ilv_block *block, const struct ilv_location *place)
{
    for (uint32_t i = 0; i < block->point_count; i++) {
        if (ilv_location_equal(&block->point[i], place))
            return true;
    }
    return false;
}

static void learn(struct ilv_block *block, const struct ilv_met *met)
{
    for (uint32_t i = 0; i < met->count; i++) {
        if (block->point_count < ILV_MAX_PLACES && !is_known(block, &met->place[i]))
            block->point[block->point_count++] = met->place[i];
    }
}

/* One batch, which what is found may end; tells how many runs it made and their points. */
static uint32_t batch(struct client *client, uint32_t first, uint32_t count, uint64_t *points)
{
    struct ilv_parameters parameters = {.p = 0.1, .d = 3};
    struct ilv_knowledge knowledge = {
        .runs = 1, .max_choices = 60, .max_steps = 110, .max_tasks = 3};
    struct ilv_block *block = client->block;
    for (uint32_t i = 0; i < count; i++) {
        ilv_strategy_plan(-1, &parameters, 1, first + i, false, 0, &knowledge, &block->plan[i]);
        block->plan[i].max_steps = 20000;
    }
    uint32_t done = client_run(client, count);
    for (uint32_t i = 0; i < done; i++)
        *points += block->summary[i].steps;
    return done;
}

/* Points of so many runs, whatever they find. */
static uint64_t runs(struct client *client, uint32_t first, bool learning)
{
    uint64_t points = 0;
    for (uint32_t made = 0; made < RUNS;) {
        uint32_t done = batch(client, first + made, RUNS - made, &points);
        for (uint32_t i = 0; learning && i < done; i++)
            learn(client->block, &client->block->met[i]);
        made += done;
    }
    return points;
}

static void measure(struct series *series, uint32_t round)
{
    double begin = now();
    uint64_t points = runs(&series->client, round * RUNS, false);
    series->rate[round] = RUNS / (now() - begin) * 1e9;
    series->points[round] = (double)points / RUNS;
}

/* The last two names of a path: of the scenario and its variant. */
static const char *name_of(const char *path)
{
    const char *at = path + strlen(path);
    for (unsigned slashes = 0; at > path && slashes < 2; at--)
        slashes += at[-1] == '/' && slashes < 2;
    return at > path ? at + 1 : path;
}

static bool is_large(const char *program)
{
    size_t length = strlen(program);
    return length > 5 &&
           (!strcmp(program + length - 5, "50.cc") || !strcmp(program + length - 5, "00.cc"));
}

static double compare(char *program)
{
    struct series way[WAYS];
    start(&way[LEARNT].client, program, ILV_POINTS_LEARNT);
    start(&way[ALL].client, program, ILV_POINTS_ALL);
    for (uint32_t i = 0; i < LEARNING; i++)
        runs(&way[LEARNT].client, i * RUNS, true);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < WAYS; i++)
            measure(&way[i], round);
    }
    double learnt = median(way[LEARNT].points, ROUNDS), all = median(way[ALL].points, ROUNDS);
    printf("%-42s %8.0f %8.0f %6.2f %9.0f %9.0f\n", name_of(program), learnt, all, learnt / all,
           median(way[LEARNT].rate, ROUNDS), median(way[ALL].rate, ROUNDS));
    fflush(stdout);
    client_stop(&way[LEARNT].client);
    client_stop(&way[ALL].client);
    return learnt / all;
}

int main(int argc, char **argv)
{
    char pattern[4096];
    glob_t found;
    if (argc != 3) {
        fprintf(stderr, "usage: bench_learnt RUNTIME SCENARIOS\n");
        return 2;
    }
    runtime = argv[1];
    snprintf(pattern, sizeof pattern, "%s/*/*/*.cc", argv[2]);
    if (glob(pattern, 0, NULL, &found)) {
        fprintf(stderr, "bench_learnt: %s holds no program of interleave cc; build them\n",
                argv[2]);
        return 2;
    }
    stay_here();
    printf("%-42s %17s %6s %19s\n", "points at accesses to memory: learnt, all", "points a run",
           "ratio", "runs a second");
    double *ratio = calloc(found.gl_pathc, sizeof *ratio);
    size_t count = 0;
    for (size_t i = 0; ratio && i < found.gl_pathc; i++) {
        if (!is_large(found.gl_pathv[i]))
            ratio[count++] = compare(found.gl_pathv[i]);
    }
    if (count)
        printf("median ratio of points: %.2f\n", median(ratio, count));
    free(ratio);
    globfree(&found);
    return 0;
}
