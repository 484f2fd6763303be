/* SPDX-License-Identifier: MIT */
/*
 * Rounds of 1, 7, 24 and then 64 runs: the first shows what the program is like, the next ones
 * are short so that the estimates of the strategies improve soon. Within a round the knowledge
 * is frozen; after it the summaries are learnt from in order of their numbers, up to the failing
 * run or to the first that was not made.
 *
 * A failure that used an early deadline is first tried without; then it is replayed in a fresh
 * process and must show the same finding and the same trace.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "round.h"

#define WORKERS_MOST 256u
#define HOPELESS_RUNS 8u     /* all limited: what comes will be, too */
#define HOPELESS_RUNAWAYS 3u /* each costs seconds */

struct state {
    struct ilv__round round;
    struct ilv_knowledge knowledge;
    struct ilv__set *seen;
    struct ilv_hunt_result *result;
    uint32_t runaways;
    double began;
};

void ilv_hunt_init(struct ilv_hunt *hunt, const struct ilv_world *world)
{
    *hunt = (struct ilv_hunt){.world = world,
                              .strategy = -1,
                              .parameters = {.p = 0.1, .d = 3},
                              .seed = 1,
                              .runs = 10000,
                              .seconds = 60,
                              .workers = 1};
}

void ilv_hunt_free(struct ilv_hunt_result *result)
{
    ilv_schedule_free(&result->schedule);
    ilv__run_free(result->run);
    result->run = NULL;
}

static bool interrupted(const struct ilv_hunt *hunt)
{
    return hunt->setup.interrupted && *hunt->setup.interrupted;
}

/* --- rounds */

static uint32_t round_size(uint32_t number)
{
    return number == 0 ? 1 : number == 1 ? 7 : number == 8 ? 24 : ILV__ROUND_MOST;
}

static void round_plan(struct state *s)
{
    const struct ilv_hunt *hunt = s->round.hunt;
    uint32_t left = hunt->runs - s->round.number;
    s->round.size = round_size(s->round.number);
    if (s->round.size > left)
        s->round.size = left;
    s->round.failure.at = ILV__NO_RUN;
    s->round.place_count = s->round.places->count;
    for (uint32_t i = 0; i < s->round.size; i++) {
        struct ilv_plan *plan = &s->round.plan[i];
        ilv_strategy_plan(hunt->strategy, &hunt->parameters, hunt->seed, s->round.number + i,
                          hunt->world->clock == ILV_CLOCK_FREE, hunt->world->faults, &s->knowledge,
                          plan);
        plan->max_steps = hunt->world->max_steps;
        plan->passes = ilv_filter_hides_errors(&hunt->filter) ? ILV_PASSES_ALL : 0;
    }
}

static void most(uint32_t *known, uint32_t value)
{
    if (*known < value)
        *known = value;
}

static void learn_run(struct state *s, uint32_t at)
{
    const struct ilv_summary *run = &s->round.summary[at];
    struct ilv_hunt_result *result = s->result;
    result->runs++;
    s->runaways += s->round.runaway[at];
    for (unsigned v = 0; v < ILV_VERDICT_COUNT; v++)
        result->noted[v] += (run->notes >> v) & 1 ? 1 : 0;
    if (s->round.limited[at]) {
        result->limited++;
        return;
    }
    s->knowledge.runs++;
    most(&s->knowledge.max_choices, run->choices);
    most(&s->knowledge.max_steps, run->steps);
    most(&s->knowledge.max_tasks, run->tasks);
    ilv__set_add(s->seen, run->fingerprint);
    ilv__places_learn(s->round.places, &s->round.met[at]);
}

static void learn(struct state *s)
{
    uint32_t reached = ilv__round_reached(&s->round);
    for (uint32_t i = 0; i < reached; i++)
        learn_run(s, i);
    s->result->behaviours = ilv__set_count(s->seen);
    s->result->tasks = s->knowledge.max_tasks;
}

static bool hopeless(const struct state *s)
{
    const struct ilv_hunt_result *r = s->result;
    return (r->limited == r->runs && r->runs >= HOPELESS_RUNS) ||
           s->runaways >= HOPELESS_RUNAWAYS || (s->runaways && r->runs == 1);
}

static void tick(struct ilv__round *round, void *context)
{
    struct state *s = context;
    const struct ilv_hunt *hunt = round->hunt;
    struct ilv_progress_report report = {.runs = s->round.number,
                                         .budget = hunt->runs,
                                         .behaviours = s->result->behaviours,
                                         .limited = s->result->limited,
                                         .seconds = ilv__now() - s->began};
    for (uint32_t i = 0; i < round->size; i++)
        report.runs += round->done[i];
    if (hunt->progress)
        hunt->progress(&report, hunt->context);
}

/* All rounds, until there is a failure or a reason to end. */
static int rounds(struct state *s, char *error, size_t size)
{
    const struct ilv_hunt *hunt = s->round.hunt;
    while (s->round.number < hunt->runs) {
        round_plan(s);
        int ended = ilv__round_run(&s->round, error, size);
        if (ended < 0)
            return ended;
        learn(s);
        if (s->round.failure.at != ILV__NO_RUN)
            return 0;
        s->result->out_of_time = ended && !interrupted(hunt);
        if (ended || hopeless(s))
            return 0;
        s->round.number += s->round.size;
    }
    return 0;
}

/* --- the failure */

/* The same plan without early deadlines, on a fresh server: does it fail the same way? */
static void without_early(struct state *s, struct ilv__server *server, struct ilv_plan *plan)
{
    struct ilv__failure *f = &s->round.failure;
    struct ilv_finding finding;
    server->block->plan[0] = *plan;
    server->block->plan[0].clock_free = 0;
    ilv__places_put(s->round.places, s->round.place_count, server->block);
    ilv__places_watch(plan->record ? &s->round.met[f->at] : NULL, server->block);
    if (ilv__server_run(server, 1) || ilv__server_wait(server) != 1)
        return;
    struct ilv_run *run = ilv__run_new();
    struct ilv_summary summary = server->block->summary[0];
    ilv__run_copy(run, &server->block->run);
    if (ilv__judge_run(s->round.hunt, s->round.oracle, &summary, run, &finding) &&
        finding.verdict == f->finding.verdict && finding.kind == f->finding.kind) {
        ilv__run_free(f->run);
        *f = (struct ilv__failure){f->at, summary, finding, run};
        plan->clock_free = 0;
        return;
    }
    ilv__run_free(run);
}

static void unconfirmed(struct state *s, const char *why)
{
    s->result->end = ILV_HUNT_UNCONFIRMED;
    snprintf(s->result->why, sizeof s->result->why, "%s", why);
}

/* Plays the schedule on a fresh server. */
static void replay(struct state *s)
{
    char why[512];
    struct ilv__server server;
    struct ilv_replay_result again = {0};
    const struct ilv_hunt *hunt = s->round.hunt;
    if (ilv__server_start(&server, hunt->world, &hunt->setup, s->round.target, 0, why,
                          sizeof why)) {
        unconfirmed(s, why);
        return;
    }
    int failed = ilv__replay_on(&server, &s->result->schedule, s->round.oracle, &again);
    ilv__server_stop(&server);
    if (failed) {
        unconfirmed(s, failed == -EINTR ? "interrupted" : "the replay killed its server");
        return;
    }
    s->result->run = again.run;
    if (again.end == ILV_REPLAY_SAME)
        s->result->finding = again.finding;
    else
        unconfirmed(s, again.why);
}

/* The result is about the failure: its schedule, and whether it replays. */
static void confirm(struct state *s)
{
    struct ilv__failure *f = &s->round.failure;
    struct ilv_plan plan = s->round.plan[f->at];
    struct ilv__server server;
    const struct ilv_hunt *hunt = s->round.hunt;
    char error[256];
    if (plan.clock_free && !ilv__server_start(&server, hunt->world, &hunt->setup, s->round.target,
                                              0, error, sizeof error)) {
        without_early(s, &server, &plan);
        ilv__server_stop(&server);
    }
    s->result->end = ILV_HUNT_FOUND;
    s->result->summary = f->summary;
    s->result->finding = f->finding;
    ilv__schedule_of_run(hunt, &plan, s->round.oracle, &f->summary, &f->finding, f->run,
                         &s->result->schedule);
    ilv__schedule_places(&s->result->schedule, s->round.places, s->round.place_count,
                         &s->round.met[f->at]);
    replay(s);
    if (s->result->run) {
        ilv__run_free(f->run);
        f->run = NULL;
    } else {
        s->result->run = f->run;
        f->run = NULL;
    }
}

static void conclude(struct state *s)
{
    struct ilv_hunt_result *r = s->result;
    r->backend = s->round.backend;
    r->trap = s->round.trap;
    r->sanitizer = s->round.sanitizer;
    memcpy(r->limited_text, s->round.limited_text, sizeof r->limited_text);
    if (s->round.failure.at != ILV__NO_RUN)
        confirm(s);
    else if (interrupted(s->round.hunt))
        r->end = ILV_HUNT_INTERRUPTED;
    else
        r->end = r->limited ? ILV_HUNT_LIMITED : ILV_HUNT_CLEAN;
}

/* --- the whole */

static int request_check(const struct ilv_hunt *hunt, char *error, size_t size)
{
    if (!hunt->runs) {
        snprintf(error, size, "--runs 0: nothing would be run; give at least 1");
        return -EINVAL;
    }
    if (!hunt->workers || hunt->workers > WORKERS_MOST) {
        snprintf(error, size, "-j %u: give a number of workers from 1 to %u", hunt->workers,
                 WORKERS_MOST);
        return -EINVAL;
    }
    return 0;
}

/* A task that is left at every access never gets anywhere among others that spin. */
static int strategy_check(const struct ilv__round *round, char *error, size_t size)
{
    const struct ilv_hunt *hunt = round->hunt;
    if (hunt->strategy != ILV_STRATEGY_random || hunt->parameters.p < 1 ||
        !round->worker[0].server.block->run.instrumented)
        return 0;
    snprintf(
        error, size,
        "--strategy random:p=1: %s announces its accesses to memory, and a switch at each of them "
        "leads nowhere; give p below 1",
        hunt->world->argv[0]);
    return -EINVAL;
}

static int hunt_in(struct state *s, char *error, size_t size)
{
    int failed = ilv__workers_start(&s->round, error, size);
    if (!failed)
        s->result->instrumented = s->round.worker[0].server.block->run.instrumented != 0;
    if (!failed)
        failed = strategy_check(&s->round, error, size);
    s->began = ilv__now();
    if (s->round.hunt->seconds > 0)
        s->round.deadline = s->began + s->round.hunt->seconds;
    if (!failed)
        failed = rounds(s, error, size);
    ilv__workers_stop(&s->round);
    if (!failed)
        conclude(s);
    return failed;
}

/* Runs are not to end at races or reports of a sanitizer that do not count. */
static struct ilv_world world_of(const struct ilv_hunt *hunt)
{
    struct ilv_world world = *hunt->world;
    if (!ilv_filter_fails(&hunt->filter, ILV_VERDICT_DATA_RACE))
        world.allow_races = true;
    if (!ilv_filter_fails(&hunt->filter, ILV_VERDICT_SANITIZER) &&
        world.reports == ILV_REPORTS_FIND)
        world.reports = ILV_REPORTS_ALLOW;
    return world;
}

static int hunt_world(const struct ilv_hunt *hunt, struct ilv_hunt_result *result, char *error,
                      size_t size)
{
    struct ilv_target target;
    struct ilv__oracle oracle;
    struct ilv__reaper reaper;
    *result = (struct ilv_hunt_result){0};
    int failed = request_check(hunt, error, size);
    if (!failed)
        failed = ilv_target_check(hunt->world->argv[0], &target, error, size);
    if (!failed)
        failed = ilv__oracle_open(&oracle, hunt->world, error, size);
    if (failed)
        return failed;
    struct state s = {.result = result, .seen = ilv__set_new()};
    s.round = (struct ilv__round){.hunt = hunt,
                                  .target = &target,
                                  .oracle = &oracle,
                                  .limited_run = ILV__NO_RUN,
                                  .failure = {.at = ILV__NO_RUN},
                                  .places = ilv__places_new(),
                                  .tick = tick,
                                  .context = &s};
    ilv__reaper_begin(&reaper);
    failed = hunt_in(&s, error, size);
    ilv__reaper_end(&reaper);
    ilv__run_free(s.round.failure.run);
    ilv__set_free(s.seen);
    ilv__places_free(s.round.places);
    ilv__oracle_close(&oracle);
    ilv__judge_end();
    if (failed)
        ilv_hunt_free(result);
    return failed;
}

int ilv_hunt(const struct ilv_hunt *hunt, struct ilv_hunt_result *result, char *error, size_t size)
{
    struct ilv_world world = world_of(hunt);
    struct ilv_hunt in_world = *hunt;
    in_world.world = &world;
    return hunt_world(&in_world, result, error, size);
}
