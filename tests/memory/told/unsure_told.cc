/* SPDX-License-Identifier: MIT */
/* The same, told when it is asked for. */
/* options: --fail-on unsure-race */
/* status: 1 */
/* tells: T0.# writes unguarded: # -> # (unsure_told.cc:#) */
/* says: FOUND unsure-race in run #: unsure_told-unsure-race-1.sched */
#include <memory>

#include "program.h"

struct shape {
    int sides = 4;
    int area = 0;
};

void drop(std::shared_ptr<shape> &of);

static long unguarded;

static void *adds(void *argument)
{
    unguarded++;
    return argument;
}

int main()
{
    auto only = std::make_shared<shape>();
    drop(only);
    run_threads(2, adds);
}
