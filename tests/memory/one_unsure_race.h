/* SPDX-License-Identifier: MIT */
/* one_unsure_race.h: a program with a race that a library which is not seen could have ordered. */
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
