/* SPDX-License-Identifier: MIT */
/*
 * drive: runs a program under the runtime without the explorer, for the runtime's own tests.
 *
 *   drive [-n runs] [-s strategy] [-b fiber|baton] [-t dispatch|seccomp|off] [-e seed] [-f]
 *         [-c] [-o] [-r] -- program arguments
 *
 * Prints a line a run: number, end, value, finding, steps, tasks, trace hash. -f: spurious
 * wake-ups are choices. -c: deadlines may pass early. -o: prints the output of every run.
 * -r: records, and prints the steps of each run. -p: replays every run and compares the traces.
 * -q: no line a run. -d: no detectors.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"

struct options {
    uint32_t runs;
    uint64_t seed;
    const char *strategy;
    uint16_t backend;
    uint16_t trap;
    bool spurious, clock_free, output, record, replay, quiet, no_detectors;
};

static struct client client;
static struct ilv_block *block;

static void run_one(void)
{
    client_run(&client, 1);
}

static const char *end_word(unsigned end)
{
    static const char *const words[] = {"exit", "signal", "stuck", "finding", "steps", "limit"};
    return end < sizeof words / sizeof words[0] ? words[end] : "?";
}

static void print_steps(void)
{
    const struct ilv_run *run = &block->run;
    char task[64];
    char object[64];
    for (uint32_t i = 0; i < run->trace_count; i++) {
        const struct ilv_step *s = &run->trace[i];
        ilv_task_path(run->task, s->task, task, sizeof task);
        ilv_object_name(run->task, &run->object[s->object], object, sizeof object);
        printf("    %s%s %s %s = %d (%llu) flags %x\n", s->flags & ILV_BLOCKED ? "... " : "", task,
               ilv_event_row(s->kind)->word, s->object != 0 ? object : "-", s->result,
               (unsigned long long)s->value, s->flags);
    }
}

static void print_run(const struct ilv_summary *s)
{
    const struct ilv_run *run = &block->run;
    printf("%u %s %d %s %s steps %u choices %u tasks %u trace %016llx behaviour %016llx\n", s->run,
           end_word(s->end), s->value, ilv_verdict_word(s->verdict), ilv_kind_word(s->kind),
           s->steps, s->choices, s->tasks, (unsigned long long)s->trace_hash,
           (unsigned long long)s->fingerprint);
    for (uint32_t i = 0; i < run->finding_count; i++)
        printf("  finding %s %s %s\n", ilv_verdict_word(run->finding[i].verdict),
               ilv_kind_word(run->finding[i].kind), run->finding[i].text);
}

static void print_output(void)
{
    const struct ilv_output *o = &block->run.output;
    uint64_t n = o->size < ILV_OUTPUT_HALF ? o->size : ILV_OUTPUT_HALF;
    fwrite(o->head, 1, n, stdout);
}

/* Plays the last run back and says whether the traces are equal. */
static bool replay_last(const struct ilv_summary *first)
{
    struct ilv_summary before = *first;
    const struct ilv_run *run = &block->run;
    uint32_t count = run->choice_count;
    memcpy(block->replay, run->choice, count * sizeof run->choice[0]);
    for (uint32_t i = 0; i < run->task_count; i++)
        block->replay_ids[i] = run->task[i].id;
    block->replay_ids_count = run->task_count;
    block->plan[0].strategy = ILV_STRATEGY_replay;
    block->plan[0].strict = 1;
    block->plan[0].u.replay.count = count;
    run_one();
    const struct ilv_summary *again = &block->summary[0];
    if (again->trace_hash == before.trace_hash && again->verdict == before.verdict)
        return true;
    printf("  replay differs: %s %s at choice %u, trace %016llx\n", end_word(again->end),
           ilv_verdict_word(again->verdict), block->run.diverged_at,
           (unsigned long long)again->trace_hash);
    return false;
}

static struct options parse(int argc, char **argv)
{
    struct options o = {.runs = 1, .strategy = "", .backend = ILV_BACKEND_AUTO};
    int c;
    const char *env = getenv("ILV_BACKEND");
    if (env != NULL)
        o.backend = strcmp(env, "baton") == 0 ? ILV_BACKEND_BATON : ILV_BACKEND_FIBER;
    while ((c = getopt(argc, argv, "+n:s:b:t:e:fcorpqd")) != -1) {
        if (c == 'n')
            o.runs = (uint32_t)strtoul(optarg, NULL, 10);
        else if (c == 's')
            o.strategy = optarg;
        else if (c == 'b')
            o.backend = strcmp(optarg, "baton") == 0 ? ILV_BACKEND_BATON : ILV_BACKEND_FIBER;
        else if (c == 't')
            o.trap = strcmp(optarg, "off") == 0       ? ILV_TRAP_OFF
                     : strcmp(optarg, "seccomp") == 0 ? ILV_TRAP_SECCOMP
                                                      : ILV_TRAP_DISPATCH;
        else if (c == 'e')
            o.seed = strtoull(optarg, NULL, 10);
        o.spurious = o.spurious || c == 'f';
        o.clock_free = o.clock_free || c == 'c';
        o.output = o.output || c == 'o';
        o.record = o.record || c == 'r';
        o.replay = o.replay || c == 'p';
        o.quiet = o.quiet || c == 'q';
        o.no_detectors = o.no_detectors || c == 'd';
    }
    return o;
}

static void configure(const struct options *o)
{
    client_make(&client);
    block = client.block;
    block->config.backend = o->backend;
    block->config.trap = o->trap;
    if (o->no_detectors)
        block->config.detectors = 0;
}

int main(int argc, char **argv)
{
    struct options o = parse(argc, argv);
    struct ilv_parameters parameters = {0};
    struct ilv_knowledge knowledge = {0};
    char error[256];
    int strategy = -1;
    bool same = true;
    if (optind == argc) {
        fprintf(stderr, "usage: drive [-n runs] [-s strategy] [-b backend] -- program\n");
        return 2;
    }
    strategy = ilv_strategy_parse(o.strategy[0] != 0 ? o.strategy : "random", &parameters, error,
                                  sizeof error);
    if (o.strategy[0] == 0)
        strategy = -1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    configure(&o);
    uint32_t first = client_start(&client, argv + optind, getenv("ILV_RUNTIME"));
    if (first != ILV_ANSWER_READY) {
        printf("answer %u\n", first);
        return 3;
    }
    for (uint32_t i = 0; i < o.runs; i++) {
        ilv_strategy_plan(strategy, &parameters, o.seed, i, o.clock_free,
                          o.spurious ? ILV_FAULT_SPURIOUS : 0, &knowledge, &block->plan[0]);
        block->plan[0].record = o.record;
        block->plan[0].max_steps = 1000000;
        run_one();
        const struct ilv_summary *s = &block->summary[0];
        knowledge.runs++;
        if (s->choices > knowledge.max_choices)
            knowledge.max_choices = s->choices;
        if (s->tasks > knowledge.max_tasks)
            knowledge.max_tasks = s->tasks;
        if (!o.quiet)
            print_run(s);
        if (o.record)
            print_steps();
        if (o.output)
            print_output();
        if (o.replay)
            same = replay_last(s) && same;
    }
    return same ? 0 : 1;
}
