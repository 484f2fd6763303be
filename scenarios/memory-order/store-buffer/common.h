/* SPDX-License-Identifier: MIT */
/*
 * Two clerks share a till, and Dekker's rule keeps them apart: say that you want it, then look
 * whether the other does; who finds the other wanting it goes away. The flags are atomic, the till
 * is not. With which order the flags are used is what the variants are about.
 */
#include <stdatomic.h>
#include <stdbool.h>

#include "scenario.h"

#define CLERKS 2

struct clerk {
    int number;
    int paid_in;
};

static atomic_bool wants[CLERKS];
static long till;

static bool enter(int me);
static void leave(int me);

static void *clerk(void *argument)
{
    struct clerk *self = argument;
    if (enter(self->number)) {
        till += 1;
        self->paid_in = 1;
    }
    leave(self->number);
    return NULL;
}

int main(void)
{
    struct clerk clerks[CLERKS] = {{.number = 0}, {.number = 1}};
    pthread_t first = scenario_start(clerk, &clerks[0]);
    pthread_t second = scenario_start(clerk, &clerks[1]);
    scenario_join(first);
    scenario_join(second);
    scenario_check(till == clerks[0].paid_in + clerks[1].paid_in,
                   "what was paid in is in the till");
    return 0;
}
