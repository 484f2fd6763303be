/* SPDX-License-Identifier: MIT */
/*
 * A program that speaks control.h by itself, so that the explorer is tested without a runtime.
 *
 *     fake_server MODE [N]
 *
 * The result of a run follows from its number alone:
 *
 *   clean         all runs pass; run i behaves like run i % N
 *   fail          runs N, N+1, ... fail with a deadlock; lower runs are slow, later ones quick
 *   note          run N has a note
 *   output        run N writes something else
 *   limited       all runs from N on meet something that is not modelled
 *   spin, block   run N computes, or sleeps in the kernel, for ever
 *   suicide       run N kills the server
 *   early         runs with early deadlines fail, others too if N is 1
 *   fickle        run N fails, and its replay does not
 *   diverge       run N fails, and its replay leaves the schedule
 *   vanish        run N fails, and does not when it is recorded
 *   fresh         the same, but it does if it is the first run of its server
 *   restart       asks to be started before the constructors, then clean
 *   restart-twice asks for it again
 *   early-end     ends before the start
 *   dies          ends without a word after writing a line
 *   mute          never answers
 *   drift         all runs fail, and the third replay on a server differs in WHAT number N of the
 *                 list of drifts; if there is no such number, each replay on the second server does
 *   races         all runs end with a data race; where races are allowed, runs N, N+1, ... deadlock
 *   reports       the same with reports of a sanitizer
 *   met           run N fails, and says that it met a word of memory, and what cannot be one
 *   stray         run N leaves a process in a session of its own, then all is clean
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "hash.h"

/* It says what it was built from, as scenarios do. */
__asm__(".pushsection .note.ilv.source, \"a\", @note\n"
        ".balign 4\n"
        ".long 11, 2f - 1f, 1\n"
        ".asciz \"Interleave\"\n"
        ".balign 4\n"
        "1: .asciz \"tests/explorer/fake_server.c\"\n"
        "2: .balign 4\n"
        ".popsection");

struct fake {
    struct ilv_block *block;
    int command, answer;
    const char *mode;
    uint32_t n;
    uint32_t replays; /* made by this server */
    uint32_t made;    /* runs, likewise */
};

static bool is(const struct fake *f, const char *mode)
{
    return !strcmp(f->mode, mode);
}

static void say(const struct fake *f, uint32_t what, uint32_t value)
{
    struct ilv_answer a = {what, value};
    if (write(f->answer, &a, sizeof a) != (ssize_t)sizeof a)
        _exit(1);
}

static void add_finding(struct ilv_run *run, unsigned verdict, unsigned kind, const char *text)
{
    struct ilv_finding *f = &run->finding[run->finding_count++];
    *f = (struct ilv_finding){.verdict = (uint16_t)verdict, .kind = (uint16_t)kind, .step = 3};
    snprintf(f->text, sizeof f->text, "%s", text);
}

static void write_output(struct ilv_run *run, const char *text)
{
    run->output.size = strlen(text);
    run->output.hash = ilv_hash_bytes(ILV_HASH_START, text, strlen(text));
    memcpy(run->output.head, text, strlen(text));
}

/* Two tasks, one choice; the trace hash stands for the whole trace. */
static void tables(struct ilv_run *run)
{
    run->task_count = 2;
    run->task[0] = (struct ilv_task_info){.id = ilv_task_root_id()};
    run->task[1] = (struct ilv_task_info){
        .id = ilv_task_child_id(ilv_task_root_id(), 1, 0), .index = 1, .nth = 1};
    run->object_count = run->site_count = 1;
    run->step_count = 3;
    run->choice_count = 1;
    run->choice[0] =
        (struct ilv_choice){.task = 1, .kind = ILV_EV_MUTEX_LOCK, .count = 1, .nth = 1};
    run->finding_count = run->trace_count = run->module_count = 0;
    run->backend = ILV_BACKEND_FIBER;
    run->trap = ILV_TRAP_DISPATCH;
}

/* --- drifts */

static void other_task(struct ilv_run *run)
{
    run->trace[1].task = 0;
}

static void other_time(struct ilv_run *run)
{
    run->trace[1].time++;
}

static void more_steps(struct ilv_run *run)
{
    run->trace[run->trace_count++] = (struct ilv_step){.kind = ILV_EV_TASK_EXIT};
}

static void other_object(struct ilv_run *run)
{
    run->object[1].generation = 1;
}

static void more_output(struct ilv_run *run)
{
    write_output(run, "one\ntwo\nthree\n");
}

static void other_choice(struct ilv_run *run)
{
    run->choice[0].count = 2;
}

static void note(struct ilv_run *run)
{
    add_finding(run, ILV_VERDICT_UNJOINED, ILV_KIND_NONE, "");
}

static void no_finding(struct ilv_run *run)
{
    run->finding_count = 0;
}

static void other_size(struct ilv_run *run)
{
    run->trace[2].size = 4;
}

static void other_offset(struct ilv_run *run)
{
    run->trace[2].offset = 4;
}

static void other_value(struct ilv_run *run)
{
    run->trace[1].value++;
}

static void (*const drifts[])(struct ilv_run *run) = {
    other_task, other_time, more_steps, other_object, more_output, other_choice,
    note,       no_finding, other_size, other_offset, other_value};
#define DRIFTS (sizeof drifts / sizeof *drifts)

/* Two steps on one lock that lies somewhere else each time, and a pointer that is written
 * somewhere: neither is a difference. */
static void trace(struct ilv_run *run, uint32_t replays)
{
    uint64_t somewhere = (uint64_t)getpid() + replays;
    run->object_count = 3;
    run->object[1] = (struct ilv_object_info){.id = 7, .nth = 1, .cls = ILV_CLASS_MUTEX};
    run->object[1].address = somewhere;
    run->object[2] = (struct ilv_object_info){.id = 8, .nth = 1, .cls = ILV_CLASS_MEMORY};
    run->trace_count = 3;
    run->trace[0] = (struct ilv_step){.kind = ILV_EV_MUTEX_LOCK, .object = 1, .task = 1};
    run->trace[1] = (struct ilv_step){.kind = ILV_EV_MUTEX_UNLOCK, .object = 1, .task = 1};
    run->trace[2] = (struct ilv_step){.kind = ILV_EV_MEMORY_WRITE, .object = 2, .task = 1};
    run->trace[2].size = 8;
    run->trace[2].value = somewhere;
    run->trace[2].before = somewhere + 1;
}

/* Whether this is the second server that replays in this directory. */
static bool is_second(uint32_t replays)
{
    static bool second;
    FILE *mark = replays == 1 ? fopen("replayed", "re") : NULL;
    second = second || mark;
    if (mark || (replays == 1 && (mark = fopen("replayed", "we"))))
        fclose(mark);
    return second;
}

static void drift(struct fake *f)
{
    struct ilv_run *run = &f->block->run;
    f->replays++;
    trace(run, f->replays);
    if (f->n >= DRIFTS && is_second(f->replays))
        other_task(run);
    else if (f->n < DRIFTS && f->replays == 3)
        drifts[f->n](run);
}

/* Whether the run goes on to what it would fail by. */
static bool goes_on(const struct fake *f)
{
    const struct ilv_config *config = &f->block->config;
    return is(f, "races") ? config->allow_races : config->reports == ILV_REPORTS_ALLOW;
}

static void add_allowable(const struct fake *f, const struct ilv_plan *plan)
{
    bool races = is(f, "races");
    if (!races && !is(f, "reports"))
        return;
    if (!goes_on(f))
        add_finding(&f->block->run, races ? ILV_VERDICT_DATA_RACE : ILV_VERDICT_SANITIZER,
                    ILV_KIND_NONE, "");
    else if (plan->run >= f->n)
        add_finding(&f->block->run, ILV_VERDICT_DEADLOCK, ILV_KIND_CYCLE, "");
}

/* More than there can be, and all but the first are no places. */
static void meet(const struct fake *f, uint32_t at)
{
    struct ilv_met *met = &f->block->met[at];
    memset(met, 0xff, sizeof *met);
    met->place[0] = (struct ilv_location){
        .kind = ILV_LOCATION_GLOBAL, .frame = {ilv_frame(1, 0)}, .offset = 0x4010};
    met->place[1] = (struct ilv_location){.kind = ILV_LOCATION_NONE};
    met->place[2] = (struct ilv_location){.kind = ILV_LOCATION_GLOBAL, .offset = 0x4010};
    met->place[3] = met->place[0];
    met->place[3].frame[1] = 1;
}

static bool fails(const struct fake *f, const struct ilv_plan *plan)
{
    bool replayed = plan->strategy == ILV_STRATEGY_replay;
    if (is(f, "fail"))
        return plan->run >= f->n;
    if (is(f, "early"))
        return plan->clock_free || (f->n == 1 && plan->run > 40);
    if (is(f, "drift"))
        return true;
    if (is(f, "met"))
        return plan->run == f->n;
    if (is(f, "vanish") || is(f, "fresh"))
        return plan->run == f->n && (!plan->record || replayed || (is(f, "fresh") && f->made == 0));
    return (is(f, "fickle") || is(f, "diverge")) && plan->run == f->n && !replayed;
}

static void forever(bool spin)
{
    volatile bool go_on = true;
    while (go_on) {
        if (!spin)
            pause();
    }
}

/* What only a process of its own can do; the others are told by tables alone. */
static void run_body(const struct fake *f, const struct ilv_plan *plan)
{
    if (is(f, "fail") && plan->run < f->n)
        usleep(300);
    if (plan->run != f->n)
        _exit(0);
    if (is(f, "spin") || is(f, "block"))
        forever(is(f, "spin"));
    if (is(f, "suicide"))
        kill(getppid(), SIGKILL);
    if (is(f, "stray") && fork() == 0) {
        setsid();
        forever(false);
    }
    _exit(0);
}

static void fill(struct fake *f, const struct ilv_plan *plan, struct ilv_summary *s)
{
    struct ilv_run *run = &f->block->run;
    tables(run);
    bool here = plan->run == f->n;
    write_output(run, is(f, "output") && here ? "one\nthree\n" : "one\ntwo\n");
    if (fails(f, plan))
        add_finding(run, ILV_VERDICT_DEADLOCK, ILV_KIND_CYCLE, "");
    add_allowable(f, plan);
    if (is(f, "note") && here)
        add_finding(run, ILV_VERDICT_UNJOINED, ILV_KIND_NONE, "");
    if (is(f, "limited") && plan->run >= f->n)
        add_finding(run, ILV_VERDICT_LIMITED, ILV_KIND_NONE, "fork is not modelled");
    if (f->block->progress.runaway)
        add_finding(run, ILV_VERDICT_LIMITED, ILV_KIND_NONE, "");
    if (is(f, "diverge") && plan->strategy == ILV_STRATEGY_replay)
        add_finding(run, ILV_VERDICT_DIVERGED, ILV_KIND_NONE, "");
    if (is(f, "drift") && plan->strategy == ILV_STRATEGY_replay)
        drift(f);
    run->diverged_task = 1;
    *s = (struct ilv_summary){.run = plan->run,
                              .steps = 3,
                              .choices = 1 + plan->run,
                              .tasks = 2,
                              .findings = (uint16_t)run->finding_count,
                              .fingerprint = 1 + (f->n ? plan->run % f->n : plan->run),
                              .trace_hash = 100 + plan->run,
                              .output_size = run->output.size,
                              .output_hash = run->output.hash};
    for (uint32_t i = 0; i < run->finding_count; i++) {
        s->verdict = run->finding[i].verdict;
        s->kind = run->finding[i].kind;
        s->notes |= UINT64_C(1) << s->verdict;
        if (ilv_verdict_class(s->verdict) == ILV_LIMIT)
            s->end = ILV_END_LIMIT;
        else if (ilv_verdict_class(s->verdict) == ILV_ERROR)
            s->end = ILV_END_FINDING;
    }
}

static void run_one(struct fake *f, uint32_t at)
{
    const struct ilv_plan *plan = &f->block->plan[at];
    struct ilv_progress *progress = &f->block->progress;
    progress->run = plan->run;
    progress->runaway = 0;
    progress->points++;
    pid_t pid = fork();
    if (pid == 0)
        run_body(f, plan);
    progress->pid = pid;
    waitpid(pid, NULL, 0);
    progress->pid = 0;
    f->block->met[at].count = 0;
    if (is(f, "met"))
        meet(f, at);
    fill(f, plan, &f->block->summary[at]);
    f->made++;
}

/* Ends a batch after an error, as the contract says. */
static void batch(struct fake *f, uint32_t count)
{
    uint32_t done = 0;
    while (done < count && !f->block->progress.stop) {
        run_one(f, done++);
        if (ilv_verdict_class(f->block->summary[done - 1].verdict) == ILV_ERROR)
            break;
    }
    say(f, ILV_ANSWER_DONE, done);
}

static void starts(const struct fake *f)
{
    bool again = f->block->config.start == ILV_START_CONSTRUCTORS;
    if ((is(f, "restart") && !again) || is(f, "restart-twice")) {
        say(f, ILV_ANSWER_RESTART, 0);
        exit(0);
    }
    if (is(f, "early-end")) {
        say(f, ILV_ANSWER_EARLY_END, 0);
        exit(0);
    }
    if (is(f, "dies")) {
        fprintf(stderr, "no such library\nand more\n");
        exit(3);
    }
    if (is(f, "mute"))
        forever(true);
    say(f, ILV_ANSWER_READY, 0);
}

int main(int argc, char **argv)
{
    unsigned version;
    int fd;
    struct fake f = {.mode = argc > 1 ? argv[1] : "clean"};
    struct ilv_command command;
    const char *control = getenv(ILV_CONTROL_VARIABLE);
    if (argc > 2)
        f.n = (uint32_t)strtoul(argv[2], NULL, 10);
    if (!control || sscanf(control, "%u:%d:%d:%d", &version, &fd, &f.command, &f.answer) != 4)
        return 9;
    f.block = mmap(NULL, sizeof *f.block, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (f.block == MAP_FAILED || f.block->magic != ILV_CONTROL_MAGIC)
        return 9;
    starts(&f);
    while (read(f.command, &command, sizeof command) == (ssize_t)sizeof command)
        batch(&f, command.count);
    return 0;
}
