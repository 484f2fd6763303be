// SPDX-License-Identifier: MIT
// C++: thread_local destructors, exceptions with switches inside, unwinding by pthread_exit and
// cancellation.
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace
{

std::mutex output;
std::vector<std::string> lines[4];

void say(int who, const std::string &what)
{
    std::lock_guard<std::mutex> lock(output);
    lines[who].push_back(what);
}

struct Guard {
    int who;
    const char *name;
    ~Guard()
    {
        sched_yield();
        say(who, std::string("~") + name);
    }
};

int thrower(int who, int depth)
{
    Guard guard{who, "frame"};
    sched_yield();
    if (depth == 0)
        throw std::runtime_error("deep");
    return thrower(who, depth - 1) + 1;
}

void catcher(int who)
{
    thread_local Guard kept{who, "thread_local"};
    kept.who = who;
    for (int i = 0; i < 2; i++) {
        try {
            thrower(who, 2);
        } catch (const std::exception &e) {
            sched_yield();
            say(who, e.what());
            try {
                throw 42;
            } catch (int n) {
                sched_yield();
                say(who, std::to_string(n));
            }
            say(who, std::current_exception() ? "still caught" : "lost");
        }
    }
}

void *exits(void *)
{
    thread_local Guard kept{0, "thread_local"};
    kept.who = 0;
    Guard guard{0, "local of the one that exits"};
    pthread_exit(nullptr);
}

void *is_cancelled(void *)
{
    thread_local Guard kept{0, "thread_local"};
    kept.who = 0;
    Guard guard{0, "local of the cancelled"};
    for (;;)
        pause();
}

void run(void *(*start)(void *), bool cancel)
{
    pthread_t thread;
    void *result = nullptr;
    pthread_create(&thread, nullptr, start, nullptr);
    if (cancel)
        pthread_cancel(thread);
    pthread_join(thread, &result);
    say(0, result == PTHREAD_CANCELED ? "cancelled" : "ended");
}

} // namespace

int main()
{
    std::vector<std::thread> threads;
    for (int i = 1; i < 4; i++)
        threads.emplace_back(catcher, i);
    for (auto &thread : threads)
        thread.join();
    run(exits, false);
    run(is_cancelled, true);
    for (int i = 0; i < 4; i++)
        for (const auto &line : lines[i])
            std::printf("%d %s\n", i, line.c_str());
    return 0;
}
