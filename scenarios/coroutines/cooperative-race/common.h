/* SPDX-License-Identifier: MIT */
/*
 * A box office in one thread: two counters are tasks of a loop, and there is one ticket left.
 * Between looking whether there is a ticket and selling it, a counter has the card checked, for
 * which it waits; meanwhile others run. How looking and selling are kept together is what the
 * variants are about.
 */
#include <ilv/task_mutex.h>
#include <stdbool.h>

#include "scenario.h"

#define TICKETS 1
#define COUNTERS 2

static int tickets = TICKETS;

static bool sell(void);

/* Asks the bank, in a real program: it waits for a descriptor. */
static void check_card(void)
{
    scenario_must(ilv_task_pass(), "ilv_task_pass");
}

static int counter(void *argument)
{
    (void)argument;
    return sell();
}

int main(void)
{
    struct ilv_loop *loop;
    struct ilv_task *counters[COUNTERS];
    int sold = 0;
    scenario_must(ilv_loop_new(&loop), "ilv_loop_new");
    for (int i = 0; i < COUNTERS; i++)
        scenario_must(ilv_loop_spawn(loop, &counters[i], NULL, counter, NULL), "ilv_loop_spawn");
    scenario_must(ilv_loop_run(loop), "ilv_loop_run");
    for (int i = 0; i < COUNTERS; i++) {
        int outcome = 0;
        scenario_must(ilv_task_outcome(counters[i], &outcome), "ilv_task_outcome");
        scenario_must(ilv_task_free(counters[i]), "ilv_task_free");
        sold += outcome;
    }
    scenario_must(ilv_loop_free(loop), "ilv_loop_free");
    scenario_check(tickets >= 0, "there are never fewer tickets than none");
    scenario_check(sold == TICKETS, "every ticket is sold, and sold once");
    return 0;
}
