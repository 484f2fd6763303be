/* SPDX-License-Identifier: MIT */
/*
 * A pool of three buffers lies on a lock-free stack (R. Treiber, 1986): a word says which is on
 * top, each says which is below it. One worker borrows a buffer and gives it back. Another borrows
 * two, keeps the second and gives back the first. What a pop compares is what the variants are
 * about.
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "scenario.h"

#define BUFFERS 3
#define NONE 0xffu
#define WORKERS 2

static atomic_uint below[BUFFERS] = {1, 2, NONE};
static atomic_uint top; /* the number of a buffer in its low byte */

static unsigned pop(int me);
static void push(int me, unsigned buffer);

static void *borrow_one(void *unused)
{
    unsigned buffer = pop(0);
    if (buffer != NONE)
        push(0, buffer);
    return unused;
}

static void *borrow_two(void *kept)
{
    unsigned first = pop(1);
    *(unsigned *)kept = pop(1);
    if (first != NONE)
        push(1, first);
    return NULL;
}

/* Whether a buffer is in the pool. Nobody works any more. */
static bool is_in_pool(unsigned wanted)
{
    unsigned buffer = atomic_load_explicit(&top, memory_order_relaxed) & NONE;
    for (int i = 0; i < BUFFERS && buffer != NONE; i++) {
        if (buffer == wanted)
            return true;
        buffer = atomic_load_explicit(&below[buffer], memory_order_relaxed);
    }
    return false;
}

int main(void)
{
    unsigned kept = NONE;
    pthread_t one = scenario_start(borrow_one, NULL);
    pthread_t two = scenario_start(borrow_two, &kept);
    scenario_join(one);
    scenario_join(two);
    scenario_check(!is_in_pool(kept), "a buffer that is kept is not in the pool");
    return 0;
}
