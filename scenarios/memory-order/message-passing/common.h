/* SPDX-License-Identifier: MIT */
/*
 * One thread writes a message and raises a flag, another waits for the flag and reads the message.
 * The flag is atomic, the message is not. With which order the flag is used is what the variants
 * are about.
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "scenario.h"

static int message;
static atomic_bool ready;

static void raise_flag(void);
static bool is_raised(void);

static void *writer(void *unused)
{
    message = 42;
    raise_flag();
    return unused;
}

static void *reader(void *unused)
{
    while (!is_raised())
        sched_yield();
    scenario_check(message == 42, "the message is there when the flag is up");
    return unused;
}

int main(void)
{
    pthread_t writing = scenario_start(writer, NULL);
    pthread_t reading = scenario_start(reader, NULL);
    scenario_join(writing);
    scenario_join(reading);
    return 0;
}
