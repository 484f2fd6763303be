/* SPDX-License-Identifier: MIT */
/*
 * checkpoint_fork.c: a run begins as a fork of the stopped process.
 *
 * The fork is the bare system call: glibc's fork() would run the program's atfork handlers and
 * reclaim the stacks of all threads but one, and here the fibers must live on. Private memory is
 * the child's own copy; the tables in the shared block, which the child writes too, are put back
 * by the server before each run.
 */
#include <linux/sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "backend.h"
#include "server.h"

long ilv__fork_raw(unsigned long flags, int32_t *tid) ILV_HIDDEN;

static struct ilv_task_info saved_task[ILV_MAX_TASKS];
static struct ilv_object_info saved_object[ILV_MAX_OBJECTS];
static uint32_t saved_tasks;
static uint32_t saved_objects;
static uint32_t saved_names;

void ilv__checkpoint_save(void)
{
    const struct ilv_run *run = ilv__world.run;
    saved_tasks = run->task_count;
    saved_objects = run->object_count;
    saved_names = run->name_count;
    memcpy(saved_task, run->task, saved_tasks * sizeof saved_task[0]);
    memcpy(saved_object, run->object, saved_objects * sizeof saved_object[0]);
}

void ilv__checkpoint_restore(void)
{
    struct ilv_run *run = ilv__world.run;
    run->task_count = saved_tasks;
    run->object_count = saved_objects;
    run->name_count = saved_names;
    memcpy(run->task, saved_task, saved_tasks * sizeof saved_task[0]);
    memcpy(run->object, saved_object, saved_objects * sizeof saved_object[0]);
}

int ilv__checkpoint_fork(void)
{
    int32_t *tid = ilv__tid_word(pthread_self());
    long pid = ilv__fork_raw(SIGCHLD | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID, tid);
    if (pid == 0)
        ilv__syscall_raw(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0, 0);
    return (int)pid;
}
