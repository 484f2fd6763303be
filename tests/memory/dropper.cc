// SPDX-License-Identifier: MIT
// A library that nobody instrumented: it drops a reference, maybe the last one.
#include <memory>

struct shape {
    int sides = 4;
    int area = 0;
};

void drop(std::shared_ptr<shape> &of);

__attribute__((visibility("default"))) void drop(std::shared_ptr<shape> &of)
{
    of.reset();
}
