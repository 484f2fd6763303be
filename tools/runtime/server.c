/* SPDX-License-Identifier: MIT */
/*
 * server.c: the fork server. It stays in the process that stopped, never runs a task, and
 * forks once for each plan of a batch.
 */
#include "server.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend.h"
#include "hash.h"
#include "intercept/sanitizer.h"
#include "objects/leftovers.h"
#include "objects/memory.h"

struct server_fds ilv__server_fds = {-1, -1};

static bool read_command(struct ilv_command *command)
{
    size_t have = 0;
    while (have < sizeof *command) {
        long n = ilv__syscall_raw(SYS_read, ilv__server_fds.command, (long)command + (long)have,
                                  (long)(sizeof *command - have), 0, 0, 0);
        if (n == -EINTR)
            continue;
        if (n <= 0)
            return false;
        have += (size_t)n;
    }
    return true;
}

static void answer(enum ilv_answer_what what, uint32_t value)
{
    struct ilv_answer a = {.what = what, .value = value};
    long n;
    do {
        n = ilv__syscall_raw(SYS_write, ilv__server_fds.answer, (long)&a, sizeof a, 0, 0, 0);
    } while (n == -EINTR);
}

void ilv__serve_early(enum ilv_answer_what what)
{
    answer(what, 0);
    for (;;)
        ilv__syscall_raw(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}

void ilv__serve_ended(enum ilv_end how)
{
    bool again = how != ILV_END_EXIT && ilv__world.block->config.start == ILV_START_MAIN;
    ilv__serve_early(again ? ILV_ANSWER_RESTART : ILV_ANSWER_EARLY_END);
}

static void add_finding(struct ilv_run *run, const struct ilv_finding *finding)
{
    if (run->finding_count >= ILV_MAX_FINDINGS)
        run->finding_count = ILV_MAX_FINDINGS - 1;
    run->finding[run->finding_count++] = *finding;
}

/* Of a run that said nothing of its end, what it went on after counts, and nothing else. */
static void keep_passed(struct ilv_run *run, uint32_t passes)
{
    run->passed = passes == ILV_PASSES_ALL ? 0 : passes;
    if (passes == 0 || run->finding_count > ILV_MAX_FINDINGS)
        run->finding_count = 0;
    if (run->passed > run->finding_count)
        run->passed = run->finding_count;
}

/* The run's process ended without a word: a signal that nobody could catch, or the watchdog. */
static void summarise_death(struct ilv_summary *s, int status)
{
    struct ilv_run *run = ilv__world.run;
    bool runaway = ilv__world.block->progress.runaway != 0;
    bool by_signal = WIFSIGNALED(status);
    struct ilv_finding f = {.value = by_signal ? WTERMSIG(status) : WEXITSTATUS(status)};
    f.verdict = by_signal ? ILV_VERDICT_CRASH : ILV_VERDICT_EXIT_STATUS;
    if (runaway)
        f.verdict = ILV_VERDICT_LIMITED;
    *s = (struct ilv_summary){
        .run = ilv__world.plan->run,
        .end = (uint16_t)(runaway     ? ILV_END_LIMIT
                          : by_signal ? ILV_END_SIGNAL
                                      : ILV_END_EXIT),
        .value = f.value,
        .tasks = run->task_count,
    };
    run->ending = (struct ilv_ending){.how = (enum ilv_end)s->end, .value = f.value};
    keep_passed(run, ilv__world.plan->passes);
    if (runaway || by_signal || f.value != 0) {
        s->verdict = f.verdict;
        add_finding(run, &f);
    }
    s->findings = (uint16_t)run->finding_count;
    for (uint32_t i = 0; i < run->finding_count; i++)
        s->notes |= UINT64_C(1) << (run->finding[i].verdict & 63);
}

static void judge_check(struct ilv_summary *s, int status)
{
    struct ilv_run *run = ilv__world.run;
    if (status == 0 || ilv_verdict_class(s->verdict) == ILV_ERROR)
        return;
    add_finding(run, &(struct ilv_finding){
                         .verdict = ILV_VERDICT_INVARIANT,
                         .kind = ILV_KIND_CHECK_COMMAND,
                         .step = s->steps,
                         .value = status,
                     });
    s->findings = (uint16_t)run->finding_count;
    s->verdict = ILV_VERDICT_INVARIANT;
    s->kind = ILV_KIND_CHECK_COMMAND;
    s->notes |= UINT64_C(1) << ILV_VERDICT_INVARIANT;
}

static void await_run(int pid, struct ilv_summary *s)
{
    struct ilv_block *block = ilv__world.block;
    int status = 0;
    block->progress.pid = pid;
    while (ilv__syscall_raw(SYS_wait4, pid, (long)&status, 0, 0, 0, 0) == -EINTR) {
    }
    block->progress.pid = 0;
    ilv__leftovers_remove(pid);
    if (block->run.complete != 0)
        *s = block->run.summary;
    else
        summarise_death(s, status);
    s->output_hash = block->run.output.hash;
    s->output_size = block->run.output.size;
    block->progress.runaway = 0;
    judge_check(s, ilv__rundir_check(s->run));
}

/* In the process of the run: from here on everything is the program's. */
static void begin_run(void)
{
    struct world *w = &ilv__world;
    w->in_server = false;
    w->strategy = ilv_strategy(w->plan->strategy);
    w->run->sanitizer = ilv__sanitizer;
    w->run->backend = w->fiber ? ILV_BACKEND_FIBER : ILV_BACKEND_BATON;
    ilv__record_begin();
    if (ilv__watch.here)
        ilv__memory_begin_run();
    ilv__world_begin();
    if (ilv__backend->begin_run != NULL)
        ilv__backend->begin_run();
    w->active = true;
    ilv__rundir_enter(w->plan->run);
    ilv__trap_arm();
    ilv__sanitizer_begin_run();
    ilv__exit();
}

static void prepare_run(uint32_t index)
{
    struct world *w = &ilv__world;
    w->plan_kept = w->block->plan[index];
    w->batch_index = index;
    ilv__checkpoint_restore();
    ilv__record_prepare();
    w->block->progress.run = w->plan->run;
    ilv__rundir_make(w->plan->run);
}

/* Returns true in the process of a run. */
static bool run_batch(uint32_t count)
{
    struct ilv_block *block = ilv__world.block;
    uint32_t done = 0;
    while (done < count && block->progress.stop == 0) {
        if (ilv__backend->prepare != NULL)
            ilv__backend->prepare();
        prepare_run(done);
        int pid = ilv__checkpoint_fork();
        if (pid == 0) {
            begin_run();
            return true;
        }
        ILV_ASSERT(pid > 0);
        await_run(pid, &block->summary[done]);
        ilv__rundir_remove(block->summary[done].run);
        done++;
        if (block->summary[done - 1].verdict != ILV_VERDICT_NONE)
            break;
    }
    answer(ILV_ANSWER_DONE, done);
    return false;
}

void ilv__serve(void)
{
    struct ilv_command command = {0};
    ilv__enter();
    if (ilv__world.live > 1 && !ilv__world.fiber)
        ilv__serve_early(ILV_ANSWER_THREADS); /* a fork takes one kernel thread along */
    ilv__world.in_server = true;
    ilv__modules_note();
    ilv__judge_prepare();
    ilv__leftovers_prepare();
    ilv__world_prepare();
    ilv__thread_want(NULL, &(struct ilv_thread_want){0}); /* looked up once, for all runs */
    ilv__trap_prepare();
    ilv__sanitizer_prepare();
    ilv__checkpoint_save();
    answer(ILV_ANSWER_READY, 0);
    while (read_command(&command))
        if (command.what == ILV_COMMAND_RUN && command.count <= ILV_MAX_BATCH &&
            run_batch(command.count))
            return;
    for (;;)
        ilv__syscall_raw(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}
