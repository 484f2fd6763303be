/* SPDX-License-Identifier: MIT */
/* A race in a program with a library that is not seen, which could have ordered it: not certain, so
 * the program is not accused, and the user is told. */
/* status: 0 */
/* says: unsure: unsure-race in # run*: a race that unseen code could have ordered; it is told with --fail-on unsure-race */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
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
