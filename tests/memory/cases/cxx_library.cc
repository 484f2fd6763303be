/* SPDX-License-Identifier: MIT */
/* The program beside a library that nobody instrumented (dropper.cc): its order is not seen. */
#include <memory>
#include <thread>

#include "cases.h"

struct shape {
    int sides = 4;
    int area = 0;
};

void drop(std::shared_ptr<shape> &of);

namespace
{

/* The library may drop the last reference: its order is not seen. */
void last_reference_in_library()
{
    auto first = std::make_shared<shape>();
    auto second = first;
    std::thread a([&first] {
        first->sides++;
        drop(first);
    });
    std::thread b([&second] {
        holds(second->area == 0);
        drop(second);
    });
    a.join();
    b.join();
}

int unguarded;

/* [wrong plain 1: unsure-race at nothing] */
void plain()
{
    auto adds = [] { unguarded += fault; };
    std::thread a(adds);
    std::thread b(adds);
    a.join();
    b.join();
    holds(unguarded == 0 || fault == 1);
}

} // namespace

CASES({"in-library", last_reference_in_library}, {"plain", plain})
