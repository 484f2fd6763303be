/* SPDX-License-Identifier: MIT */
/*
 * Three tasks that take 30, 10 and 20 ms of waiting, spawned in this order and gathered; then the
 * same calls one after the other. They end by the time at which they wake; their outcomes stand in
 * the order of the tasks; together they take as long as the longest, one by one as long as all.
 */
#include <ilv/deadline.h>
#include <ilv/loop.h>

#include "scenario.h"

#define TASKS 3

struct job {
    const char *name;
    int milliseconds;
};

static struct job jobs[TASKS] = {{"one", 30}, {"two", 10}, {"three", 20}};

static long now(void)
{
    struct timespec at = ilv_deadline_in(0);
    return (long)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static int work(void *argument)
{
    const struct job *job = argument;
    scenario_must(ilv_task_sleep(job->milliseconds * ILV_MILLISECOND), "ilv_task_sleep");
    printf("%s has waited for %d ms\n", job->name, job->milliseconds);
    return job->milliseconds;
}

static void work_together(void)
{
    struct ilv_task *tasks[TASKS];
    int outcomes[TASKS];
    for (int i = 0; i < TASKS; i++)
        scenario_must(ilv_loop_spawn(ilv_loop_current(), &tasks[i], NULL, work, &jobs[i]),
                      "ilv_loop_spawn");
    scenario_must(ilv_task_gather(tasks, TASKS, outcomes, NULL), "ilv_task_gather");
    for (int i = 0; i < TASKS; i++) {
        printf("%s: %d\n", jobs[i].name, outcomes[i]);
        scenario_must(ilv_task_free(tasks[i]), "ilv_task_free");
    }
}

static int compare(void *argument)
{
    long start = now();
    work_together();
    printf("together: %ld ms\n", now() - start);
    start = now();
    for (int i = 0; i < TASKS; i++)
        work(&jobs[i]);
    printf("one by one: %ld ms\n", now() - start);
    (void)argument;
    return 0;
}

int main(void)
{
    struct ilv_loop *loop;
    scenario_must(ilv_loop_new(&loop), "ilv_loop_new");
    scenario_must(ilv_loop_spawn(loop, NULL, NULL, compare, NULL), "ilv_loop_spawn");
    scenario_must(ilv_loop_run(loop), "ilv_loop_run");
    scenario_must(ilv_loop_free(loop), "ilv_loop_free");
    return 0;
}
