/* SPDX-License-Identifier: MIT */
/*
 * A customer hands numbers in to an office, a pool, which squares them and books the squares.
 * Meanwhile main shuts the office down. What is handed in, and how the office is shut, is what the
 * variants are about: no number may get lost.
 */
#include <errno.h>
#include <stdint.h>

#include <ilv/pool.h>

#include "scenario_ilv.h"

#define CLERKS 2
#define NUMBERS 3
#define EXPECTED (1 * 1 + 2 * 2 + 3 * 3)

static struct ilv_pool *office;
static int booked;     /* by the office, in callbacks, which come one at a time */
static int by_himself; /* by the customer */

static void hand_in(int number);
static void book(int error, const void *result, void *number);
static void shut_down(void);

/* The task of a number. */
static int square(const void *argument, void *result)
{
    int number = *(const int *)argument;
    *(int *)result = number * number;
    return 0;
}

/* What became of it: 0, or why it was not accepted. */
static int submit(int number)
{
    const struct ilv_call call = {.function = square,
                                  .argument = &number,
                                  .argument_size = sizeof number,
                                  .result_size = sizeof(int),
                                  .callback = book,
                                  .context = (void *)(intptr_t)number};
    return ilv_pool_submit(office, &call, NULL);
}

static int customer(void *unused)
{
    (void)unused;
    for (int number = 1; number <= NUMBERS; number++)
        hand_in(number);
    return 0;
}

int main(void)
{
    const struct ilv_pool_options options = {.workers = CLERKS};
    scenario_must(ilv_pool_new(&office, &options), "ilv_pool_new");
    struct ilv_thread *somebody = scenario_run(customer, NULL);
    scenario_rest();
    scenario_rest();
    shut_down();
    scenario_end(somebody);
    scenario_check(booked + by_himself == EXPECTED, "every number is squared and booked");
    ilv_pool_free(office);
    return 0;
}
