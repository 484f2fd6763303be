/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* A choice in the schedule's words. */
static void choice_text(const struct ilv_schedule *s, uint32_t at, char *out, size_t size)
{
    if (at >= s->choice_count) {
        snprintf(out, size, "its end");
        return;
    }
    const struct ilv_choice *c = &s->choices[at];
    const char *task = c->task < s->task_count ? s->task_paths[c->task] : "?";
    char number[16] = "";
    if (c->how == ILV_HOW_SIGNAL)
        snprintf(number, sizeof number, ":%u", c->signal);
    snprintf(out, size, "%.96s %s%s %s@%u", task, ilv_how_word(c->how), number,
             ilv_event_row(c->kind)->word, c->nth);
}

/* What the program was about to do instead. */
static void instead_text(const struct ilv_run *run, char *out, size_t size)
{
    char path[96];
    uint32_t t = run->diverged_task;
    if (t >= run->task_count) {
        snprintf(out, size, "something else");
        return;
    }
    ilv_task_path(run->task, t, path, sizeof path);
    snprintf(out, size, "%s at %s@%u", path, ilv_event_row(run->task[t].op.kind)->word,
             run->task[t].steps);
}

static void diverged_text(const struct ilv_schedule *s, const struct ilv_run *run, char *out,
                          size_t size)
{
    char wanted[160], instead[160];
    choice_text(s, run->diverged_at, wanted, sizeof wanted);
    instead_text(run, instead, sizeof instead);
    snprintf(out, size, "choice %u of the schedule is %s, and the program was elsewhere: %s",
             run->diverged_at + 1, wanted, instead);
}

static const struct ilv_finding *limit_of(const struct ilv_run *run)
{
    for (uint32_t i = 0; i < run->finding_count; i++) {
        if (ilv_verdict_class(run->finding[i].verdict) == ILV_LIMIT)
            return &run->finding[i];
    }
    return NULL;
}

/* A verdict and its kind in words. */
static void finding_words(unsigned verdict, unsigned kind, char *out, size_t size)
{
    const char *word = ilv_kind_word(kind);
    snprintf(out, size, *word ? "%s (%s)" : "%s%s", ilv_verdict_word(verdict), word);
}

/* The recorded finding if it is there again, else what there is instead. */
static bool judge(const struct ilv_schedule *s, const struct ilv_world *world,
                  const struct ilv__oracle *oracle, struct ilv_replay_result *r)
{
    struct ilv_hunt same = {.world = world}, any = {.world = world};
    same.filter.only = same.filter.fail_on = UINT64_C(1) << s->verdict;
    if (ilv__judge_run(&same, oracle, &r->summary, r->run, &r->finding) &&
        r->finding.kind == s->kind)
        return true;
    if (!ilv__judge_run(&any, oracle, &r->summary, r->run, &r->finding))
        r->finding = (struct ilv_finding){0};
    return false;
}

static void compare(const struct ilv_schedule *s, const struct ilv__server *server,
                    const struct ilv__oracle *oracle, struct ilv_replay_result *r)
{
    const struct ilv_finding *limit = limit_of(r->run);
    bool same = judge(s, server->world, oracle, r);
    r->end = ILV_REPLAY_OTHER;
    if (server->killed) {
        r->end = ILV_REPLAY_DIVERGED;
        snprintf(r->why, sizeof r->why, "%s", server->killed_text);
    } else if (limit && limit->verdict == ILV_VERDICT_DIVERGED) {
        r->end = ILV_REPLAY_DIVERGED;
        diverged_text(s, r->run, r->why, sizeof r->why);
    } else if (limit) {
        r->end = ILV_REPLAY_DIVERGED;
        ilv__limit_text(limit->text, r->why, sizeof r->why);
    } else if (!same) {
        char wanted[128], got[128];
        finding_words(s->verdict, s->kind, wanted, sizeof wanted);
        finding_words(r->finding.verdict, r->finding.kind, got, sizeof got);
        snprintf(r->why, sizeof r->why, "recorded was %s, and the run ended with %s", wanted, got);
    } else if (s->trace_hash && r->summary.trace_hash != s->trace_hash) {
        snprintf(r->why, sizeof r->why, "the same finding, reached by another trace of %u steps",
                 r->summary.steps);
    } else {
        r->end = ILV_REPLAY_SAME;
    }
}

int ilv__replay_on(struct ilv__server *server, const struct ilv_schedule *schedule,
                   const struct ilv__oracle *oracle, struct ilv_replay_result *result)
{
    ilv__plan_of_schedule(schedule, server->world, server->block);
    int done = ilv__server_run(server, 1);
    if (!done)
        done = ilv__server_wait(server);
    if (done < 0)
        return done;
    if (done == 0)
        return -EPIPE;
    result->run = ilv__run_new();
    result->summary = server->block->summary[0];
    ilv__run_copy(result->run, &server->block->run);
    compare(schedule, server, oracle, result);
    return 0;
}

int ilv__replay_target(const struct ilv_schedule *schedule, const char *name,
                       const struct ilv_world *world, struct ilv_target *target, char *error,
                       size_t size)
{
    int failed = ilv_target_check(world->argv[0], target, error, size);
    if (!failed)
        failed = ilv__target_matches(schedule, name, target, error, size);
    return failed ? failed : ilv__input_matches(schedule, name, error, size);
}

/* A schedule about to be played back: what does not change from one replay to the next. */
struct player {
    const struct ilv_schedule *schedule;
    const char *name; /* of the schedule, for messages */
    const struct ilv_setup *setup;
    struct ilv_world world;
    struct ilv_target target;
    struct ilv__oracle oracle;
};

/* The first replay is the result; of another one only how it differs from that. */
static int play_once(const struct player *p, struct ilv__server *server, uint32_t times,
                     struct ilv_replay_result *result)
{
    struct ilv_replay_result again = {0};
    bool first = !result->run;
    int failed = ilv__replay_on(server, p->schedule, &p->oracle, first ? result : &again);
    if (!failed)
        result->replays++;
    if (first || failed)
        return failed;
    if (again.end == ILV_REPLAY_SAME &&
        ilv__run_differs(result->run, again.run, again.why, sizeof again.why))
        again.end = ILV_REPLAY_OTHER;
    if (again.end != ILV_REPLAY_SAME)
        snprintf(result->why, sizeof result->why, "replay %u of %u: %.470s", result->replays, times,
                 again.why);
    result->end = again.end;
    ilv__run_free(again.run);
    return 0;
}

/* From a start of the program to the comparison of count replays, or to the first that differs. */
static int play(const struct player *p, uint32_t count, uint32_t times,
                struct ilv_replay_result *result, char *error, size_t size)
{
    struct ilv__server server;
    int failed = ilv__server_start(&server, &p->world, p->setup, &p->target, 0, error, size);
    if (failed)
        return failed;
    for (uint32_t i = 0; !failed && i < count && result->end == ILV_REPLAY_SAME; i++)
        failed = play_once(p, &server, times, result);
    if (failed == -EINTR)
        snprintf(error, size, "%s: interrupted", p->name);
    else if (failed)
        snprintf(error, size, "%s: the run of %s killed the process that watches over it", p->name,
                 p->world.argv[0]);
    else if (!p->schedule->source)
        failed = ilv__builds_match(p->schedule, p->name, result->run, error, size);
    ilv__server_stop(&server);
    return failed;
}

/* Replays are divided among so many starts of the program: a fresh start is another chance to be
 * different. */
#define STARTS_MOST 10u

static int play_all(const struct player *p, uint32_t times, struct ilv_replay_result *result,
                    char *error, size_t size)
{
    uint32_t starts = times < STARTS_MOST ? times : STARTS_MOST;
    int failed = 0;
    result->end = ILV_REPLAY_SAME;
    for (uint32_t s = 0; !failed && s < starts && result->end == ILV_REPLAY_SAME; s++)
        failed = play(p, times / starts + (s < times % starts), times, result, error, size);
    return failed;
}

static int replay_in(struct player *p, uint32_t times, struct ilv_replay_result *result,
                     char *error, size_t size)
{
    struct ilv__oracle first = p->oracle;
    struct ilv__reaper reaper;
    int failed = ilv__replay_target(p->schedule, p->name, &p->world, &p->target, error, size);
    if (!failed)
        failed = ilv__oracle_open(&p->oracle, &p->world, error, size);
    if (failed)
        return failed;
    p->oracle.have_first = first.have_first;
    p->oracle.first_hash = first.first_hash;
    p->oracle.first_size = first.first_size;
    ilv__reaper_begin(&reaper);
    failed = play_all(p, times, result, error, size);
    ilv__reaper_end(&reaper);
    ilv__oracle_close(&p->oracle);
    return failed;
}

int ilv_replay_times(const struct ilv_schedule *schedule, const char *name,
                     const struct ilv_setup *setup, unsigned backend, unsigned trap, uint32_t times,
                     struct ilv_replay_result *result, char *error, size_t size)
{
    struct player p = {.schedule = schedule, .name = name, .setup = setup};
    *result = (struct ilv_replay_result){0};
    if (!times) {
        snprintf(error, size, "%s: 0 replays: nothing would be run; give at least 1", name);
        return -EINVAL;
    }
    int failed = ilv__world_of_schedule(schedule, &p.world, &p.oracle, error, size);
    if (failed)
        return failed;
    p.world.backend = (uint16_t)backend;
    p.world.trap = (uint16_t)trap;
    failed = replay_in(&p, times, result, error, size);
    free((void *)(uintptr_t)p.world.argv);
    if (failed)
        ilv_replay_free(result);
    return failed;
}

int ilv_replay(const struct ilv_schedule *schedule, const char *name, const struct ilv_setup *setup,
               unsigned backend, unsigned trap, struct ilv_replay_result *result, char *error,
               size_t size)
{
    return ilv_replay_times(schedule, name, setup, backend, trap, 1, result, error, size);
}

void ilv_replay_free(struct ilv_replay_result *result)
{
    ilv__run_free(result->run);
    result->run = NULL;
}
