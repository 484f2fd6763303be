/* SPDX-License-Identifier: MIT */
/*
 * One writes under a rwlock, then three read: a reader that finds no free place makes another one,
 * and a third may come into that first, whom no lock orders behind the writer but by how many
 * places there are.
 */
/* fault 1: the writer takes the lock for reading */
/* finds 1: exit-status */
#include "sums.h"

static void *body(void *argument)
{
    (long)argument == 0 ? write_both(fault == 1) : read_both();
    return NULL;
}

int main(void)
{
    run_threads(4, body);
    holds(left == 1 && right == 1);
}
