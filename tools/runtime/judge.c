/* SPDX-License-Identifier: MIT */
/*
 * judge.c: the detectors, live, and how a run ends.
 *
 * A run ends in ilv__end_run(), whoever calls it: the program (exit), a detector or the runtime
 * with an error, the core when nothing can go on. The detectors see the end, the summary goes
 * into the block, and the process is over: no destructor, no buffer, no other thread matters.
 */
#include "intercept/sanitizer.h"
#include "objects/memory.h"
#include "objects/unseen.h"
#include "runtime.h"
#include "server.h"

#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>

#define DETECTOR_MEMORY (UINT32_C(16) << 20)
#define TOO_MANY                                                                                \
    "over 127 different findings in one run that may be suppressed, --ignore leaves out their " \
    "kind"

static _Alignas(64) uint8_t memory[DETECTOR_MEMORY];

/* The detectors that are on, in order. */
static struct {
    const struct ilv_detector *detector;
    void *state;
} on[ILV_DETECTOR_COUNT];
static uint32_t on_count;

/* Findings of class ERROR that the run went on after, as its plan says. */
static uint32_t passed;
_Static_assert(ILV_MAX_FINDINGS == 128, "TOO_MANY says so");

static bool may_be_interrupted(const struct ilv_view *v, unsigned task)
{
    (void)v;
    return ilv__signal_may_come(&ilv__world.task[task]);
}

/* For a run that goes on after findings: what suppressions see of them is the same. */
static bool is_same(const struct ilv_finding *a, const struct ilv_finding *b)
{
    bool same = a->verdict == b->verdict && a->kind == b->kind && a->parts_used == b->parts_used &&
                strncmp(a->text, b->text, sizeof a->text) == 0;
    for (unsigned i = 0; same && i < a->parts_used; i++)
        same = a->part[i].object == b->part[i].object && a->part[i].site == b->part[i].site;
    return same;
}

static bool is_known(const struct ilv_run *run, const struct ilv_finding *finding)
{
    for (uint32_t i = 0; i < run->finding_count; i++)
        if (is_same(&run->finding[i], finding))
            return true;
    return false;
}

static void hand_in(const struct ilv_view *v, const struct ilv_finding *finding)
{
    (void)v;
    struct ilv_run *run = ilv__world.run;
    if (ilv__world.plan->passes != 0 && is_known(run, finding))
        return;
    if (run->finding_count < ILV_MAX_FINDINGS)
        run->finding[run->finding_count++] = *finding;
}

static void copy_text(char *to, size_t size, const char *from)
{
    size_t n = strnlen(from, size - 1);
    memcpy(to, from, n);
    to[n] = 0;
}

/* The first finding of class ERROR that the run did not go on after, else of class LIMIT; NULL if
 * there is none. */
const struct ilv_finding *ilv__judge_worst(void)
{
    const struct ilv_run *run = ilv__world.run;
    const struct ilv_finding *limit = NULL;
    uint32_t errors = 0;
    for (uint32_t i = 0; i < run->finding_count; i++) {
        enum ilv_verdict_class cls = ilv_verdict_class(run->finding[i].verdict);
        if (cls == ILV_ERROR && ++errors > passed)
            return &run->finding[i];
        if (cls == ILV_LIMIT && limit == NULL)
            limit = &run->finding[i];
    }
    return limit;
}

/* The race engine says what is a point too: it is fed even when nobody wants its findings. */
void ilv__judge_watch_races(struct ilv_race *race)
{
    static void *state[1];
    const struct ilv_detector *d = ilv_detector(ILV_DETECTOR_race);
    ILV_ASSERT(d->size(ILV_MAX_TASKS, ILV_MAX_OBJECTS) <= sizeof state);
    d->begin(state, ILV_MAX_TASKS, ILV_MAX_OBJECTS);
    ilv_race_attach(state, race);
    on[on_count].detector = d;
    on[on_count++].state = state;
    ilv__world.detect = true;
}

/* Once for all runs: each of them has its own copy of the states. */
void ilv__judge_prepare(void)
{
    size_t used = 0;
    on_count = 0;
    for (unsigned i = 0; i < ILV_DETECTOR_COUNT; i++) {
        const struct ilv_detector *d = ilv_detector(i);
        if ((ilv__world.block->config.detectors >> i & 1) == 0 || i == ILV_DETECTOR_race)
            continue;
        size_t size = (d->size(ILV_MAX_TASKS, ILV_MAX_OBJECTS) + 63) & ~(size_t)63;
        ILV_ASSERT(used + size <= sizeof memory);
        on[on_count].detector = d;
        on[on_count++].state = memory + used;
        d->begin(memory + used, ILV_MAX_TASKS, ILV_MAX_OBJECTS);
        used += size;
    }
    ilv__world.detect = on_count != 0;
}

static inline struct ilv_view look(void)
{
    const struct world *w = &ilv__world;
    return (struct ilv_view){
        .tasks = w->run->task,
        .task_count = w->run->task_count,
        .objects = w->run->object,
        .object_count = w->run->object_count,
        .step = w->step,
        .may_be_interrupted = may_be_interrupted,
        .report = hand_in,
    };
}

/* The program could go on as it does outside: where tasks wait for each other, nothing goes on, nor
 * does AddressSanitizer after its report. */
static bool leaves_all_going(const struct ilv_finding *finding)
{
    return finding->verdict == ILV_VERDICT_DATA_RACE ||
           finding->verdict == ILV_VERDICT_LOCK_MISUSE ||
           (finding->verdict == ILV_VERDICT_SANITIZER && ilv__sanitizer == ILV_SANITIZER_THREAD);
}

/*
 * What is suppressed is no reason to end a run, or it would hide all that comes behind it. Names
 * are the explorer's: it lets a run go on after all findings, looks at them, and lets the run be
 * made again to its end if one of them counts.
 */
static bool goes_on_after(const struct ilv_finding *finding)
{
    if (passed >= ilv__world.plan->passes || !leaves_all_going(finding))
        return false;
    if (ilv__world.run->finding_count == ILV_MAX_FINDINGS) {
        ilv__world.run->finding_count--;
        ilv__limited(TOO_MANY);
    }
    passed++;
    return true;
}

static void end_if_wrong(uint32_t findings_before)
{
    if (ilv_likely(ilv__world.run->finding_count == findings_before))
        return;
    const struct ilv_finding *worst = ilv__judge_worst();
    while (worst != NULL && goes_on_after(worst))
        worst = ilv__judge_worst();
    if (worst != NULL)
        ilv__end_run(ILV_END_FINDING, worst->value);
}

/* To the race engine, the task is the fiber of the program that it runs. */
static void step_of_fiber(uint32_t i, const struct ilv_view *view, const struct ilv_step *step,
                          uint16_t actor)
{
    struct ilv_step its = *step;
    its.task = actor;
    on[i].detector->step(on[i].state, view, &its);
}

void ilv__judge_step(const struct ilv_step *step)
{
    struct ilv_view view = look();
    uint32_t before = ilv__world.run->finding_count;
    uint16_t actor = ilv__world.task[step->task].race;
    for (uint32_t i = 0; i < on_count; i++)
        if (ilv_unlikely(actor != step->task) && on[i].detector == ilv_detector(ILV_DETECTOR_race))
            step_of_fiber(i, &view, step, actor);
        else if (on[i].detector->step != NULL)
            on[i].detector->step(on[i].state, &view, step);
    end_if_wrong(before);
}

void ilv__judge_race(const struct ilv_race_pair *pair, uint32_t object)
{
    struct ilv_view view = look();
    struct ilv_finding finding = ilv_race_finding(&view, pair, object);
    const char *unseen = ilv__unseen_code();
    if (unseen != NULL) {
        finding.verdict = ILV_VERDICT_UNSURE_RACE;
        copy_text(finding.text, sizeof finding.text, unseen);
    }
    uint32_t before = ilv__world.run->finding_count;
    hand_in(&view, &finding);
    end_if_wrong(before);
}

static void record_block(const struct task *t)
{
    const struct ilv_op *op = &t->info->op;
    struct ilv_step step = {
        .time = ilv__world.time,
        .value = op->value,
        .object = op->object,
        .object2 = op->object2,
        .site = op->site,
        .kind = op->kind,
        .task = t->index,
        .flags = (uint16_t)(op->flags | ILV_BLOCKED),
    };
    ilv__record_step(&step);
}

void ilv__judge_block(const struct task *t)
{
    if (!ilv__world.active)
        return;
    if (ilv__world.record)
        record_block(t);
    if (!ilv__world.detect)
        return;
    struct ilv_view view = look();
    uint32_t before = ilv__world.run->finding_count;
    for (uint32_t i = 0; i < on_count; i++)
        if (on[i].detector->block != NULL)
            on[i].detector->block(on[i].state, &view, t->index);
    end_if_wrong(before);
}

static struct ilv_ending ending(enum ilv_end how, int value)
{
    const struct world *w = &ilv__world;
    return (struct ilv_ending){
        .how = how,
        .value = value,
        .task = w->current->index,
        .main_ended = w->main_ended,
        .by_exit = w->by_exit,
    };
}

static void judge_end(const struct ilv_ending *end)
{
    struct ilv_view view = look();
    for (uint32_t i = 0; i < on_count; i++)
        if (on[i].detector->end != NULL)
            on[i].detector->end(on[i].state, &view, end);
}

static void fill_summary(const struct ilv_ending *end)
{
    struct world *w = &ilv__world;
    const struct ilv_finding *worst = ilv__judge_worst();
    struct ilv_summary *s = &w->run->summary;
    *s = (struct ilv_summary){
        .run = w->plan->run,
        .end = (uint16_t)end->how,
        .findings = (uint16_t)w->run->finding_count,
        .verdict = worst != NULL ? worst->verdict : ILV_VERDICT_NONE,
        .kind = worst != NULL ? worst->kind : ILV_KIND_NONE,
        .value = end->value,
        .steps = w->step,
        .choices = w->choices,
        .preemptions = w->preemptions,
        .tasks = w->run->task_count,
        .fingerprint = ilv_fingerprint_value(ilv__fingerprint),
        .trace_hash = w->trace_hash,
    };
    for (uint32_t i = 0; i < w->run->finding_count; i++)
        s->notes |= UINT64_C(1) << w->run->finding[i].verdict;
    w->run->step_count = w->step;
    w->run->time = w->time;
    w->run->ending = *end;
    w->run->passed = w->plan->passes == ILV_PASSES_ALL ? 0 : passed;
}

void ilv__end_run(enum ilv_end how, int value)
{
    struct world *w = &ilv__world;
    if (!w->active && !w->in_server)
        ilv__serve_ended(how);
    if (w->active && !w->ended) {
        w->ended = true;
        if (ilv__watch.race != NULL)
            ilv__memory_end_run();
        if (how != ILV_END_LIMIT)
            ilv__sanitizer_compare();
        struct ilv_ending end = ending(how, value);
        if (how != ILV_END_LIMIT)
            judge_end(&end);
        fill_summary(&end);
        __atomic_store_n(&w->block->run.complete, 1u, __ATOMIC_RELEASE);
    }
    for (;;)
        ilv__syscall_raw(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}

void ilv__judge_hand_in(const struct ilv_finding *finding)
{
    hand_in(NULL, finding);
}

void ilv__judge_finding(const struct ilv_finding *finding)
{
    uint32_t before = ilv__world.run->finding_count;
    hand_in(NULL, finding);
    if (ilv__world.plan->passes != 0 && leaves_all_going(finding))
        end_if_wrong(before);
    else if (ilv_verdict_class(finding->verdict) == ILV_ERROR)
        ilv__end_run(ILV_END_FINDING, finding->value);
    if (ilv_verdict_class(finding->verdict) == ILV_LIMIT)
        ilv__end_run(ILV_END_LIMIT, finding->value);
}

void ilv__report(unsigned verdict, unsigned kind, int value, const char *text)
{
    struct world *w = &ilv__world;
    struct ilv_finding finding = {
        .verdict = (uint16_t)verdict,
        .kind = (uint16_t)kind,
        .task = w->current != NULL ? w->current->index : 0,
        .step = w->step,
        .value = value,
    };
    copy_text(finding.text, sizeof finding.text, text);
    if (w->record && ilv_verdict_class(verdict) == ILV_ERROR)
        finding.part[finding.parts_used++] = (struct ilv_part){
            .task = finding.task, .role = ILV_ROLE_DID, .site = ilv__record_site()};
    ilv__judge_finding(&finding);
}

void ilv__limited(const char *what)
{
    ilv__report(ILV_VERDICT_LIMITED, ILV_KIND_NONE, 0, what);
    ilv__end_run(ILV_END_LIMIT, 0);
}

void ilv__diverged(const struct ilv_candidate *candidate, uint32_t n)
{
    struct ilv_run *run = ilv__world.run;
    ilv_replay_position(ilv__strategy_state, &run->diverged_at, &run->diverged_within);
    run->diverged_task = n > 0 ? candidate[0].task : 0;
    ilv__report(ILV_VERDICT_DIVERGED, ILV_KIND_NONE, 0, "the program did not follow the schedule");
    ilv__end_run(ILV_END_LIMIT, 0);
}

void ilv__bug(const char *sentence)
{
    static const char head[] = "interleave: broken invariant of the runtime: ";
    ilv__syscall_raw(SYS_write, ilv__real_stderr, (long)head, sizeof head - 1, 0, 0, 0);
    ilv__syscall_raw(SYS_write, ilv__real_stderr, (long)sentence, (long)strlen(sentence), 0, 0, 0);
    ilv__syscall_raw(SYS_write, ilv__real_stderr, (long)"\n", 1, 0, 0, 0);
    if (ilv__world.active)
        ilv__limited(sentence);
    for (;;)
        ilv__syscall_raw(SYS_exit_group, 70, 0, 0, 0, 0, 0);
}
