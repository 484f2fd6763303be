// SPDX-License-Identifier: MIT
// The pointer to the table of virtual functions, and what functions announce of themselves.
#include <cstdio>
#include <new>

#include "recorder.h"

struct shape {
    virtual int corners() const;
    virtual ~shape() = default;
};
struct square : shape {
    int corners() const override;
};

alignas(8) char place[sizeof(square)];
shape *object;
int out;

PROBE int shape::corners() const
{
    return 0;
}
PROBE int square::corners() const
{
    return out ? 4 : 5;
}
PROBE void constructed()
{
    object = new (place) square;
}
PROBE void called()
{
    out = object->corners();
}
PROBE void thrown()
{
    try {
        if (out)
            throw out;
    } catch (int value) {
        out = value + 1;
    }
}

static const recorder_step steps[] = {
    {"constructed", constructed},
    {"called", called},
    {"function thrown", thrown},
};

int main()
{
    if (recorder_watch)
        WATCH(place);
    recorder_steps(steps, 3);
    std::printf("%d\n", out);
    return 3;
}
