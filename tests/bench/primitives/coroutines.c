/* SPDX-License-Identifier: MIT */
/*
 * coroutines: what a switch and a short life cost, beside what libc offers. Nanoseconds, and how
 * often the time of the first of its group that is: medians of 11 rounds in which all take turns.
 * It is the time that the processor works for us.
 */
#include <errno.h>
#include <ilv/loop.h>
#include <ilv/thread.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "../measure.h"

#define ROUNDS 11
#define SWITCHES 200000
#define LIVES 5000

static double worked(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void must(int error, const char *what)
{
    if (error == 0)
        return;
    fprintf(stderr, "%s: %s\n", what, strerror(error));
    exit(1);
}

/* A switch there, half of a turn there and back. */

static ucontext_t above;
static ucontext_t below;

static void go_up(void)
{
    for (;;)
        swapcontext(&below, &above);
}

static void make_below(void (*entry)(void))
{
    static void *stack;
    if (stack == NULL)
        stack = mmap(NULL, ILV_COROUTINE_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                     -1, 0);
    must(stack == MAP_FAILED ? errno : getcontext(&below), "ucontext");
    below.uc_stack.ss_sp = stack;
    below.uc_stack.ss_size = ILV_COROUTINE_STACK;
    below.uc_link = &above;
    makecontext(&below, entry, 0);
}

static double switch_by_ucontext(void)
{
    make_below(go_up);
    double start = worked();
    for (int i = 0; i < SWITCHES / 2; i++)
        swapcontext(&above, &below);
    return (worked() - start) / SWITCHES;
}

static void *answer(void *argument, void *sent)
{
    while (ilv_coroutine_yield(sent, &sent) == 0)
        continue;
    return argument;
}

static double switch_by_send(void)
{
    struct ilv_coroutine *coroutine;
    must(ilv_coroutine_create(&coroutine, NULL, answer, NULL), "create");
    double start = worked();
    for (int i = 0; i < SWITCHES / 2; i++)
        ilv_coroutine_send(coroutine, NULL, NULL);
    double time = (worked() - start) / SWITCHES;
    must(ilv_coroutine_close(coroutine), "close");
    must(ilv_coroutine_free(coroutine), "free");
    return time;
}

static void *switch_back(void *argument, void *sent)
{
    while (ilv_coroutine_switch_to(*(struct ilv_coroutine **)argument, sent, &sent) == 0)
        continue;
    return argument;
}

static double switch_by_name(void)
{
    struct ilv_coroutine *pair[2];
    must(ilv_coroutine_create(&pair[0], NULL, switch_back, &pair[1]), "create");
    must(ilv_coroutine_create(&pair[1], NULL, answer, NULL), "create");
    double start = worked();
    for (int i = 0; i < SWITCHES / 2; i++) /* flow, one, two, flow: three switches */
        ilv_coroutine_send(pair[0], NULL, NULL);
    double time = (worked() - start) / SWITCHES * 2 / 3;
    for (int i = 0; i < 2; i++)
        must(ilv_coroutine_close(pair[i]) + ilv_coroutine_free(pair[i]), "close");
    return time;
}

static int pass(void *argument)
{
    for (int i = 0; i < SWITCHES / 4; i++)
        ilv_task_pass();
    return argument != NULL;
}

/* Two tasks: each pass is two switches, to the loop and from it. */
static double switch_by_loop(void)
{
    struct ilv_loop *loop;
    must(ilv_loop_new(&loop), "loop");
    for (int i = 0; i < 2; i++)
        must(ilv_loop_spawn(loop, NULL, NULL, pass, NULL), "spawn");
    double start = worked();
    must(ilv_loop_run(loop), "run");
    double time = (worked() - start) / SWITCHES;
    must(ilv_loop_free(loop), "free");
    return time;
}

/* A life: made, run once, joined or freed. */

static int nothing(void *argument)
{
    return argument != NULL;
}

static double live_as_thread(void)
{
    struct ilv_thread *thread;
    double start = worked();
    for (int i = 0; i < LIVES; i++) {
        must(ilv_thread_run(&thread, NULL, nothing, NULL), "thread");
        ilv_thread_join(thread);
        ilv_thread_free(thread);
    }
    return (worked() - start) / LIVES;
}

static void *end_at_once(void *argument, void *sent)
{
    (void)argument;
    return sent;
}

static double live_as_coroutine(void)
{
    struct ilv_coroutine *coroutine;
    double start = worked();
    for (int i = 0; i < LIVES; i++) {
        must(ilv_coroutine_create(&coroutine, NULL, end_at_once, NULL), "create");
        ilv_coroutine_send(coroutine, NULL, NULL);
        ilv_coroutine_free(coroutine);
    }
    return (worked() - start) / LIVES;
}

static int live(void *argument)
{
    struct ilv_task *task;
    for (int i = 0; i < LIVES; i++) {
        must(ilv_loop_spawn(ilv_loop_current(), &task, NULL, nothing, argument), "spawn");
        ilv_task_join(task, NULL);
        ilv_task_free(task);
    }
    return 0;
}

static double live_as_task(void)
{
    struct ilv_loop *loop;
    must(ilv_loop_new(&loop), "loop");
    must(ilv_loop_spawn(loop, NULL, NULL, live, NULL), "spawn");
    double start = worked();
    must(ilv_loop_run(loop), "run");
    double time = (worked() - start) / LIVES;
    must(ilv_loop_free(loop), "free");
    return time;
}

struct contender {
    const char *name;
    double (*measure)(void);
};

static void compete(const char *what, const struct contender *contenders, int count)
{
    double times[4][ROUNDS];
    double first = 0;
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < count; i++)
            times[i][round] = contenders[i].measure();
    for (int i = 0; i < count; i++) {
        double time = median(times[i], ROUNDS);
        first = i == 0 ? time : first;
        printf("%-20s %-22s %9.1f ns %8.4f\n", what, contenders[i].name, time, time / first);
    }
}

int main(void)
{
    static const struct contender switches[] = {{"swapcontext", switch_by_ucontext},
                                                {"send and yield", switch_by_send},
                                                {"switch_to", switch_by_name},
                                                {"tasks that pass", switch_by_loop}};
    static const struct contender lives[] = {{"thread, joined", live_as_thread},
                                             {"coroutine", live_as_coroutine},
                                             {"task, joined", live_as_task}};
    stay_here();
    compete("a switch", switches, 4);
    compete("a life", lives, 3);
    return 0;
}
