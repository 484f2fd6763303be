/* SPDX-License-Identifier: MIT */
/*
 * Built by `interleave cc`: two threads, each with coroutines and a loop of its own, more than the
 * sandbox tells apart at once. What the coroutines of one thread share is ordered by their
 * switches; what those of two threads share is not.
 */
/* fault 1: the coroutines of both threads count in one number */
/* finds 1: data-race */
/* fault 2: only one of the tasks does */
/* finds 2: data-race */
#include <errno.h>
#include <ilv/loop.h>

#include "threads.h"

#define MANY 33

static int own[2];
static int shared;

static void *count(void *argument, void *sent)
{
    int *number = argument;
    ++*number;
    holds(ilv_coroutine_yield(number, &sent) == 0);
    ++*number;
    return sent;
}

static int count_in_task(void *argument)
{
    int *number = argument;
    ++*number;
    must(ilv_task_pass());
    ++*number;
    return 0;
}

static void by_coroutines(int *number)
{
    struct ilv_coroutine *coroutine[MANY];
    for (int i = 0; i < MANY; i++) {
        must(ilv_coroutine_create(&coroutine[i], NULL, count, number));
        must(ilv_coroutine_send(coroutine[i], NULL, NULL));
        ++*number;
    }
    for (int i = 0; i < MANY; i++) {
        holds(ilv_coroutine_send(coroutine[i], NULL, NULL) == ENODATA);
        must(ilv_coroutine_free(coroutine[i]));
    }
}

static void by_tasks(int *number)
{
    struct ilv_loop *loop;
    must(ilv_loop_new(&loop));
    must(ilv_loop_spawn(loop, NULL, NULL, count_in_task, number));
    must(ilv_loop_spawn(loop, NULL, NULL, count_in_task, fault == 2 ? &shared : number));
    must(ilv_loop_run(loop));
    must(ilv_loop_free(loop));
}

static void *body(void *argument)
{
    int *number = &own[(long)argument];
    by_coroutines(fault == 1 ? &shared : number);
    by_tasks(number);
    return NULL;
}

int main(void)
{
    run_threads(2, body);
    holds(own[0] == own[1] && own[0] + (fault != 0 ? shared : 0) > 0);
    holds(fault != 0 || own[0] == 3 * MANY + 4);
}
