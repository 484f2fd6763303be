/* SPDX-License-Identifier: MIT */
/*
 * How a round is carried out:
 *
 *   pending   chunks that nobody has; the lowest is given out first, none above the failure
 *   busy      a worker has a chunk; it answers with how many of its runs it made
 *   done      a run's summary is known and, if it may be a failure, its tables were judged
 *
 * The tables of a batch are those of its last run. A run that looks like a failure (or is the
 * first that could not be judged) and was not the last of its batch is made once more, alone. So
 * is one that may be suppressed, and then it is recorded: suppressions speak of functions and
 * files, which are known of recorded runs only, and of accesses to memory only where a run is told
 * beforehand for which words tasks will contend. What is suppressed ends no run.
 * The rest of a chunk that was cut short goes back to pending. A server that dies has its chunk
 * cut at the run under way, which counts as limited.
 */
#include "round.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_MS 50
#define DEATHS_MOST 8

static void pend(struct ilv__round *round, uint32_t first, uint32_t count)
{
    if (count && round->pending_count < 2 * ILV__ROUND_MOST)
        round->pending[round->pending_count++] = (struct ilv__chunk){first, count};
}

/* Takes the lowest pending chunk below the failure; false if there is none. */
static bool take(struct ilv__round *round, struct ilv__chunk *chunk)
{
    uint32_t best = ILV__NO_RUN;
    for (uint32_t i = 0; i < round->pending_count; i++) {
        uint32_t first = round->pending[i].first;
        if (first < round->failure.at &&
            (best == ILV__NO_RUN || first < round->pending[best].first))
            best = i;
    }
    if (best == ILV__NO_RUN)
        return false;
    *chunk = round->pending[best];
    round->pending[best] = round->pending[--round->pending_count];
    return true;
}

/* Stuck, and no detector was there to say how: not clean either. */
static bool is_mute(const struct ilv_summary *s)
{
    return s->end == ILV_END_STUCK && s->verdict == ILV_VERDICT_NONE;
}

static bool is_limited(const struct ilv_summary *s)
{
    bool limited = s->end == ILV_END_LIMIT || is_mute(s);
    for (unsigned v = 0; v < ILV_VERDICT_COUNT; v++)
        limited |= (s->notes & (UINT64_C(1) << v)) && ilv_verdict_class(v) == ILV_LIMIT;
    return limited;
}

/* --- judging what a worker brings */

static void limited_reason(struct ilv__round *round, uint32_t at, const char *text)
{
    uint32_t number = round->number + at;
    if (round->limited_run <= number)
        return;
    round->limited_run = number;
    ilv__limit_text(text, round->limited_text, sizeof round->limited_text);
}

/* The tables are those of this run. */
static void judge_tables(struct ilv__round *round, uint32_t at, const struct ilv_block *block)
{
    struct ilv_finding finding;
    struct ilv_run *run = ilv__run_new();
    ilv__run_copy(run, &block->run);
    if (is_mute(&round->summary[at]))
        limited_reason(round, at, "all tasks wait, and no detector says why");
    for (uint32_t i = 0; round->limited[at] && i < run->finding_count; i++) {
        if (ilv_verdict_class(run->finding[i].verdict) == ILV_LIMIT)
            limited_reason(round, at, run->finding[i].text);
    }
    if (at < round->failure.at &&
        ilv__judge_run(round->hunt, round->oracle, &round->summary[at], run, &finding)) {
        ilv__run_free(round->failure.run);
        round->failure = (struct ilv__failure){at, round->summary[at], finding, run};
        return;
    }
    ilv__run_free(run);
}

/*
 * A run that may fail, where some findings do not count: first it is recorded, for these to be
 * looked up. Then, if something counts, it is made to its end once more: it goes on after what
 * comes before and is suppressed, and ends there. Returns whether it is to be made again.
 *
 * The heap of a server's first run is not quite that of its later ones: what fails then and not
 * when it is made again is made by a fresh server. If that one does not see it either, the run is
 * limited.
 */
static bool once_more(struct ilv__round *round, uint32_t at, const struct ilv_summary *summary,
                      const struct ilv_block *block)
{
    struct ilv_plan *plan = &round->plan[at];
    struct ilv_finding finding;
    if (plan->passes != ILV_PASSES_ALL)
        return false;
    if (!plan->record) {
        plan->record = 1;
        return true;
    }
    struct ilv_run *run = ilv__run_new();
    ilv__run_copy(run, &block->run);
    bool counts = ilv__judge_run(round->hunt, round->oracle, summary, run, &finding);
    if (counts)
        plan->passes = ilv__judge_passes(round->hunt, run);
    ilv__run_free(run);
    return counts;
}

/* Takes over one summary. False when the run must be made again alone, for its tables. */
static bool summary_take(struct ilv__round *round, struct ilv__worker *worker, uint32_t at,
                         bool last)
{
    const struct ilv_block *block = worker->server.block;
    struct ilv_summary s = block->summary[at - worker->chunk.first];
    bool killed = worker->server.killed && worker->server.killed_run == round->number + at;
    bool limited = killed || is_limited(&s);
    bool first = limited && !killed && round->number + at < round->limited_run;
    bool fails = ilv__judge_summary(round->hunt, round->oracle, &s);
    if ((fails || first) && !last)
        return false;
    if (!round->plan[at].record)
        ilv__met_copy(&round->met[at], &block->met[at - worker->chunk.first]);
    if (fails && once_more(round, at, &s, block))
        return false;
    bool vanished = !fails && round->plan[at].record;
    if (vanished && !round->fresh[at]) {
        round->fresh[at] = true;
        return false;
    }
    s.run = round->number + at;
    round->summary[at] = s;
    round->limited[at] = limited || vanished;
    round->runaway[at] = killed;
    round->done[at] = true;
    if (killed)
        limited_reason(round, at, worker->server.killed_text);
    if (vanished)
        limited_reason(round, at, "it failed, and did not when it was made again");
    if (s.run == 0)
        ilv__oracle_first(round->oracle, &s);
    if (last) {
        round->backend = (uint16_t)block->run.backend;
        round->trap = (uint16_t)block->run.trap;
        round->sanitizer = (uint16_t)block->run.sanitizer;
    }
    if (fails || first)
        judge_tables(round, at, block);
    return true;
}

/* A worker has made the first `made` runs of its chunk. */
static void chunk_take(struct ilv__round *round, struct ilv__worker *worker, uint32_t made)
{
    struct ilv__chunk c = worker->chunk;
    for (uint32_t i = 0; i < made; i++) {
        if (summary_take(round, worker, c.first + i, i + 1 == made))
            continue;
        pend(round, c.first + i, 1);
        made = i + 1;
    }
    pend(round, c.first + made, c.count - made);
    worker->chunk.count = 0;
}

static int server_renew(struct ilv__round *round, struct ilv__worker *worker, char *error,
                        size_t size)
{
    uint32_t cpu = worker->server.cpu;
    ilv__server_stop(&worker->server);
    return ilv__server_start(&worker->server, round->hunt->world, &round->hunt->setup,
                             round->target, cpu, error, size);
}

/* The server is gone: the run under way is limited, and there is a new server. */
static int server_died(struct ilv__round *round, struct ilv__worker *worker, char *error,
                       size_t size)
{
    struct ilv__chunk c = worker->chunk;
    uint32_t run = worker->server.block->progress.run - round->number;
    uint32_t made = run >= c.first && run < c.first + c.count ? run - c.first : 0;
    uint32_t at = c.first + made;
    for (uint32_t i = 0; i < made; i++)
        pend(round, c.first + i, 1);
    round->summary[at] = (struct ilv_summary){.run = round->number + at, .end = ILV_END_LIMIT};
    round->done[at] = round->limited[at] = true;
    limited_reason(round, at, "the run ended the process that watches over it");
    pend(round, at + 1, c.count - made - 1);
    worker->chunk.count = 0;
    if (++round->deaths > DEATHS_MOST) {
        ilv__server_stop(&worker->server);
        snprintf(error, size, "%s: its runs end the process that watches over them",
                 round->hunt->world->argv[0]);
        return -ECHILD;
    }
    return server_renew(round, worker, error, size);
}

/* --- giving out and waiting */

static bool interrupted(const struct ilv__round *round)
{
    const volatile sig_atomic_t *flag = round->hunt->setup.interrupted;
    return flag && *flag;
}

static bool out_of_time(const struct ilv__round *round)
{
    return round->deadline > 0 && ilv__now() > round->deadline;
}

static int give(struct ilv__round *round, struct ilv__worker *worker, char *error, size_t size)
{
    struct ilv__chunk *c = &worker->chunk;
    int failed = round->fresh[c->first] ? server_renew(round, worker, error, size) : 0;
    if (failed)
        return failed;
    memcpy(worker->server.block->plan, &round->plan[c->first], c->count * sizeof *round->plan);
    ilv__places_put(round->places, round->place_count, worker->server.block);
    ilv__places_watch(round->plan[c->first].record ? &round->met[c->first] : NULL,
                      worker->server.block);
    worker->server.block->progress.run = round->number + c->first;
    if (ilv__server_run(&worker->server, c->count))
        return server_died(round, worker, error, size);
    return 0;
}

/* Gives chunks to the idle. Returns how many are busy, or -errno. */
static int give_all(struct ilv__round *round, bool stopping, char *error, size_t size)
{
    int busy = 0;
    for (uint32_t w = 0; w < round->hunt->workers; w++) {
        struct ilv__worker *worker = &round->worker[w];
        if (!worker->chunk.count && !stopping && take(round, &worker->chunk)) {
            int failed = give(round, worker, error, size);
            if (failed)
                return failed;
        }
        busy += worker->chunk.count != 0;
    }
    return busy;
}

/* Runs above the failure, and all when time is out, need not be made. */
static void stop_needless(struct ilv__round *round, bool stopping)
{
    for (uint32_t w = 0; w < round->hunt->workers; w++) {
        struct ilv__worker *worker = &round->worker[w];
        if (worker->chunk.count && (stopping || worker->chunk.first > round->failure.at))
            __atomic_store_n(&worker->server.block->progress.stop, 1, __ATOMIC_RELAXED);
    }
}

/* Waits a tick at most and takes what has come. */
static int wait_some(struct ilv__round *round, char *error, size_t size)
{
    struct pollfd p[256];
    uint32_t workers = round->hunt->workers;
    for (uint32_t w = 0; w < workers; w++)
        p[w] = (struct pollfd){.fd = round->worker[w].chunk.count ? round->worker[w].server.answer
                                                                  : -1,
                               .events = POLLIN};
    int ready = poll(p, workers, TICK_MS);
    for (uint32_t w = 0; w < workers; w++) {
        struct ilv__worker *worker = &round->worker[w];
        if (!worker->chunk.count)
            continue;
        if (ready <= 0 || !p[w].revents) {
            ilv__server_watch(&worker->server);
            continue;
        }
        int made = ilv__server_answer(&worker->server);
        int failed = 0;
        if (made > 0 || (made == 0 && worker->server.block->progress.stop))
            chunk_take(round, worker, (uint32_t)made);
        else
            failed = server_died(round, worker, error, size);
        if (failed)
            return failed;
    }
    return 0;
}

static void round_begin(struct ilv__round *round)
{
    uint32_t workers = round->hunt->workers;
    uint32_t part = workers == 1 ? round->size : (round->size + 2 * workers - 1) / (2 * workers);
    round->pending_count = 0;
    memset(round->done, 0, sizeof round->done);
    memset(round->limited, 0, sizeof round->limited);
    memset(round->runaway, 0, sizeof round->runaway);
    memset(round->fresh, 0, sizeof round->fresh);
    for (uint32_t at = 0; at < round->size; at += part)
        pend(round, at, at + part > round->size ? round->size - at : part);
}

int ilv__round_run(struct ilv__round *round, char *error, size_t size)
{
    bool stopping = false;
    round_begin(round);
    while (true) {
        if (interrupted(round))
            return 1;
        stopping = stopping || out_of_time(round);
        int busy = give_all(round, stopping, error, size);
        if (busy <= 0)
            return busy < 0 ? busy : stopping;
        stop_needless(round, stopping);
        int failed = wait_some(round, error, size);
        if (failed)
            return failed;
        round->tick(round, round->context);
    }
}

uint32_t ilv__round_reached(const struct ilv__round *round)
{
    uint32_t n = 0, end = round->size;
    if (round->failure.at < end)
        end = round->failure.at + 1;
    while (n < end && round->done[n])
        n++;
    return n;
}

/* --- workers */

int ilv__workers_start(struct ilv__round *round, char *error, size_t size)
{
    uint32_t workers = round->hunt->workers;
    round->worker = calloc(workers, sizeof *round->worker);
    if (!round->worker)
        abort();
    for (uint32_t w = 0; w < workers; w++) {
        int failed = ilv__server_start(&round->worker[w].server, round->hunt->world,
                                       &round->hunt->setup, round->target, w, error, size);
        if (failed)
            return failed;
    }
    return 0;
}

void ilv__workers_stop(struct ilv__round *round)
{
    for (uint32_t w = 0; round->worker && w < round->hunt->workers; w++) {
        if (round->worker[w].server.world)
            ilv__server_stop(&round->worker[w].server);
    }
    free(round->worker);
    round->worker = NULL;
}
