/* SPDX-License-Identifier: MIT */
/* What the C++ library makes of threads: static initialisation, shared pointers whose last owner
 * is a thread, futures, timed waits on conditions. */
/* fault 1: a promise that nobody keeps */
/* finds 1: deadlock (stuck) | deadlock (join) | deadlock (self) */
/* fault 2: two mutexes, locked one after the other, in both orders */
/* finds 2: deadlock (cycle) */
/* fault 3: a wait without a condition to look at */
/* finds 3: lost-wakeup */

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace
{

constexpr int fault = FAULT;

void holds(bool condition)
{
    if (!condition)
        std::exit(1);
}

struct Resource {
    explicit Resource(int *count) : live(count)
    {
        ++*live;
    }
    ~Resource()
    {
        --*live;
    }
    Resource(const Resource &) = delete;
    Resource &operator=(const Resource &) = delete;
    int *live;
};

int live = 0;

std::shared_ptr<Resource> instance()
{
    static const auto made = std::make_shared<Resource>(&live);
    return made;
}

struct Gate {
    std::mutex first, second;
    std::condition_variable changed;
    bool open = false;
};

void wait_for(Gate *gate)
{
    std::unique_lock<std::mutex> held(gate->first);
    if (fault == 3) {
        gate->changed.wait(held);
        return;
    }
    while (!gate->changed.wait_for(held, std::chrono::seconds(1), [&] { return gate->open; }))
        ;
    auto soon = std::chrono::steady_clock::now() + std::chrono::milliseconds(5);
    holds(gate->changed.wait_until(held, soon, [&] { return gate->open; }));
}

void open_gate(Gate *gate)
{
    if (fault == 2) {
        const std::lock_guard<std::mutex> second(gate->second);
        const std::lock_guard<std::mutex> first(gate->first);
        gate->open = true;
    } else {
        const std::scoped_lock both(gate->second, gate->first);
        gate->open = true;
    }
    gate->changed.notify_all();
}

void use_both(Gate *gate)
{
    if (fault == 2) {
        const std::lock_guard<std::mutex> first(gate->first);
        const std::lock_guard<std::mutex> second(gate->second);
    } else {
        const std::scoped_lock both(gate->first, gate->second);
    }
}

void gates()
{
    Gate gate;
    std::vector<std::thread> threads;
    threads.emplace_back(wait_for, &gate);
    threads.emplace_back(open_gate, &gate);
    threads.emplace_back(use_both, &gate);
    for (auto &thread : threads)
        thread.join();
}

void futures()
{
    std::promise<int> promise;
    auto kept = promise.get_future();
    auto answer = std::async(std::launch::async, [&kept] { return kept.get() + 1; });
    auto other = std::async(std::launch::deferred, [] { return 1; });
    if (fault != 1)
        promise.set_value(41);
    holds(answer.get() + other.get() == 43);
}

void owners()
{
    int count = 0;
    auto shared = std::make_shared<Resource>(&count);
    std::thread a([copy = shared] { (void)copy; }), b([copy = shared] { holds(*copy->live == 1); });
    shared.reset();
    a.join();
    b.join();
    holds(count == 0);
}

} // namespace

int main()
{
    std::thread a([] { holds(instance()->live == &live); }),
        b([] { holds(*instance()->live == 1); });
    a.join();
    b.join();
    owners();
    futures();
    gates();
}
