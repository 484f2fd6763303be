/* SPDX-License-Identifier: MIT */
/* A static local is initialised by one of the threads that come to it; one that throws leaves it
 * to the next. */
#include <cstdio>
#include <stdexcept>
#include <thread>
#include <vector>

static int made;
static int attempts;

struct Counted {
    int value;
    Counted()
    {
        int was = made;
        std::this_thread::yield();
        made = was + 1;
        value = 42;
    }
};

struct Thrower {
    int value;
    Thrower() : value(7)
    {
        if (++attempts < 3)
            throw std::runtime_error("not yet");
    }
};

static int counted()
{
    static Counted c;
    return c.value;
}

static int thrower()
{
    static Thrower t;
    return t.value;
}

int main()
{
    std::vector<std::thread> threads;
    int wrong = 0;
    for (int i = 0; i < 3; i++)
        threads.emplace_back([&wrong] { wrong += counted() != 42; });
    for (auto &t : threads)
        t.join();
    std::printf("made %d wrong %d\n", made, wrong);
    for (int i = 0; i < 4; i++) {
        try {
            std::printf("value %d\n", thrower());
        } catch (const std::runtime_error &e) {
            std::printf("%s\n", e.what());
        }
    }
    std::printf("attempts %d\n", attempts);
    return 0;
}
