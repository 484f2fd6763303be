/* SPDX-License-Identifier: MIT */
/*
 * A run that comes to no point for long either computes (its CPU time grows) or sleeps in the
 * kernel in something that no model knows. Both limits count from the last point seen; CPU time
 * is the program's own, and who waits for a CPU does not sleep, so a loaded machine kills nothing.
 * Between runs the server itself is watched, with six times the patience: it may be copying a
 * directory or running a check.
 *
 * The number of the run's process comes from memory that the program can write: it is believed
 * only if the process is a child of the server.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define SERVER_PATIENCE 6

void ilv__watch_reset(struct ilv__watch *watch)
{
    *watch = (struct ilv__watch){.pid = -1};
}

static double limit(double chosen, double usual)
{
    return chosen > 0 ? chosen : usual;
}

enum ilv_runaway ilv__watch_look(struct ilv__watch *watch, const struct ilv_progress *progress,
                                 pid_t server, const struct ilv_setup *setup)
{
    pid_t parent = 0, run = __atomic_load_n(&progress->pid, __ATOMIC_RELAXED);
    uint32_t points = __atomic_load_n(&progress->points, __ATOMIC_RELAXED);
    uint32_t number = __atomic_load_n(&progress->run, __ATOMIC_RELAXED);
    double cpu = run > 0 ? ilv__cpu_of(run, &parent) : -1, now = ilv__now();
    bool is_run = cpu >= 0 && parent == server;
    pid_t pid = is_run ? run : server;
    if (!is_run)
        cpu = ilv__cpu_of(server, &parent);
    if (points != watch->points || pid != watch->pid || number != watch->run || cpu < 0) {
        *watch = (struct ilv__watch){points, number, pid, cpu < 0 ? 0 : cpu, now, is_run};
        return ILV_RUNAWAY_NONE;
    }
    double patience = is_run ? 1 : SERVER_PATIENCE;
    double used = cpu - watch->cpu, blocked = limit(setup->blocked_seconds, 10) * patience;
    if (used > limit(setup->spin_seconds, 5) * patience)
        return ILV_RUNAWAY_SPINS;
    if (now - watch->real > blocked && used < blocked / 10 && !ilv__any_runs(pid))
        return ILV_RUNAWAY_BLOCKED;
    return ILV_RUNAWAY_NONE;
}

/* The number of the system call that a process sleeps in, or -1. */
static int call_of(pid_t pid)
{
    char path[64];
    int number = -1;
    snprintf(path, sizeof path, "/proc/%d/syscall", (int)pid);
    FILE *in = fopen(path, "re");
    if (in && fscanf(in, "%d", &number) != 1)
        number = -1;
    if (in)
        fclose(in);
    return number;
}

void ilv__watch_sentence(enum ilv_runaway what, const struct ilv_block *block, pid_t pid, char *out,
                         size_t size)
{
    char task[64] = "T0";
    uint32_t index = block->progress.task;
    if (index < block->run.task_count && block->run.task_count <= ILV_MAX_TASKS)
        ilv_task_path(block->run.task, index, task, sizeof task);
    if (what == ILV_RUNAWAY_SPINS) {
        snprintf(out, size, "%s spins or computes without a call, build it with interleave cc",
                 task);
        return;
    }
    int number = call_of(pid);
    if (number >= 0)
        snprintf(out, size, "%s is blocked in system call %d, which is not modelled", task, number);
    else
        snprintf(out, size, "%s is blocked in a system call that is not modelled", task);
}
