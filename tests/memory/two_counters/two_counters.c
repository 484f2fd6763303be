/* SPDX-License-Identifier: MIT */
/* Two threads add to two counters, each in two accesses; fails if updates of the counter that the
 * argument names are lost. */
#include "two_counters.h"

#include <string.h>

#include "program.h"

atomic_int left;
atomic_int right;

__attribute__((noinline)) static void adds_left(void)
{
    int was = atomic_load(&left);
    atomic_store(&left, was + 1);
}

static void *adds(void *argument)
{
    adds_left();
    adds_right();
    return argument;
}

int main(int argc, char **argv)
{
    must(argc != 2);
    run_threads(2, adds);
    holds((strcmp(argv[1], "left") == 0 ? left : right) == 2);
}
