/* SPDX-License-Identifier: MIT */
/*
 * process: actors are parents. They start processes and daemons, end these, and join both.
 * What is left of a killed parent must not stay: the next life of an actor waits until the
 * daemon of the one before has ended, and so does who judges.
 */
#include <ilv/process.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "kills.h"

enum { ANSWER = 7 };

struct process_world {
    uint32_t daemons[ACTORS]; /* the last one's number, which it writes itself */
    uint32_t parents[ACTORS]; /* by number */
    struct counts counts;
};

static uint32_t load(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static void store(uint32_t *word, pid_t to)
{
    __atomic_store_n(word, (uint32_t)to, __ATOMIC_RELEASE);
}

static void await_end(const uint32_t *daemon)
{
    for (uint32_t pid; (pid = load(daemon)) != 0 && lives((pid_t)pid);)
        sched_yield();
}

static int answer(void *argument)
{
    (void)argument;
    return ANSWER;
}

static int stay(void *argument)
{
    store(argument, getpid());
    for (;;)
        pause();
    return 0;
}

/* Joins it; how it must have ended. */
static const char *join(struct ilv_process *process, int expected)
{
    int code = 0;
    if (ilv_process_join(process) != 0 || ilv_process_exit_code(process, &code) != 0)
        return "it cannot be joined";
    if (code != expected)
        return "it ended in another way";
    return ilv_process_free(process) == 0 ? NULL : "it cannot be freed";
}

static const char *run_one(void)
{
    struct ilv_process *process = NULL;
    if (ilv_process_run(&process, NULL, answer, NULL) != 0)
        return "it cannot be started";
    return join(process, ANSWER);
}

static const char *run_daemon(uint32_t *daemon)
{
    const struct ilv_process_options options = {.daemon = true};
    struct ilv_process *process = NULL;
    bool gently = chance(2) == 0;
    store(daemon, 0);
    if (ilv_process_run(&process, &options, stay, daemon) != 0)
        return "a daemon cannot be started";
    for (uint64_t looks = chance(50); looks > 0 && load(daemon) == 0; looks--)
        sched_yield();
    if ((gently ? ilv_process_terminate(process) : ilv_process_kill(process)) != 0)
        return "a daemon cannot be ended";
    return join(process, gently ? -SIGTERM : -SIGKILL);
}

static const char *use_processes(void *own, unsigned actor)
{
    struct process_world *world = own;
    if (load(&world->parents[actor]) != (uint32_t)getpid()) {
        await_end(&world->daemons[actor]);
        store(&world->parents[actor], getpid());
    }
    count_try(&world->counts, actor);
    const char *wrong = chance(2) == 0 ? run_one() : run_daemon(&world->daemons[actor]);
    count_done(&world->counts, actor);
    return wrong;
}

static const char *judge_processes(void *own, struct outcome *outcome)
{
    struct process_world *world = own;
    outcome->acknowledged += all_acknowledged(&world->counts);
    outcome->unknown += all_tried(&world->counts) - all_acknowledged(&world->counts);
    for (unsigned actor = 0; actor < ACTORS; actor++)
        await_end(&world->daemons[actor]);
    return NULL;
}

const struct kind process_kinds[] = {
    {.name = "process",
     .things = "children joined",
     .why = "no daemon outlives its parent",
     .size = sizeof(struct process_world),
     .worlds = 2,
     .longest = 20000,
     .work = use_processes,
     .judge = judge_processes},
    {.name = NULL},
};
