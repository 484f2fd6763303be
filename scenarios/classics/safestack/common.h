/* SPDX-License-Identifier: MIT */
/*
 * Three users share three cells that lie on a lock-free stack: each pops a cell, writes into it and
 * pushes it back, three times. A count keeps the last cell in the stack. How a cell leaves and
 * comes back is what the variants are about.
 */
#include <sched.h>
#include <stdatomic.h>

#include "scenario.h"

#define CELLS 3
#define USERS 3
#define ROUNDS 3
#define NONE (-1)

struct cell {
    int user; /* of who popped it */
    atomic_int next;
};

static struct cell cells[CELLS] = {{.next = 1}, {.next = 2}, {.next = NONE}};
static atomic_int head;
static atomic_int count = CELLS;

/* A cell, or NONE when there is none to be had. */
static int pop(void);
static void push(int cell);

static void use(int cell, int me)
{
    cells[cell].user = me;
    scenario_check(cells[cell].user == me, "a cell that was popped is nobody else's");
}

static void *user(void *number)
{
    for (int round = 0; round < ROUNDS; round++) {
        int cell = pop();
        for (; cell == NONE; cell = pop())
            sched_yield();
        use(cell, *(int *)number);
        push(cell);
    }
    return NULL;
}

int main(void)
{
    int numbers[USERS] = {1, 2, 3};
    pthread_t users[USERS];
    for (int i = 0; i < USERS; i++)
        users[i] = scenario_start(user, &numbers[i]);
    for (int i = 0; i < USERS; i++)
        scenario_join(users[i]);
    return 0;
}
