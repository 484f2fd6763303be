/* SPDX-License-Identifier: MIT */
/* The C++ library's own: mutex, timed mutex, shared mutex, condition, future, call_once. */
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <future>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

static void queue()
{
    std::mutex mutex;
    std::condition_variable filled;
    std::vector<int> items;
    int sum = 0;
    std::thread consumer([&] {
        for (int i = 0; i < 3; i++) {
            std::unique_lock<std::mutex> lock(mutex);
            filled.wait(lock, [&] { return !items.empty(); });
            sum += items.back();
            items.pop_back();
        }
    });
    for (int i = 1; i <= 3; i++) {
        std::lock_guard<std::mutex> lock(mutex);
        items.push_back(i);
        filled.notify_one();
    }
    consumer.join();
    std::printf("sum %d\n", sum);
}

static void timeouts()
{
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock<std::mutex> lock(mutex);
    std::printf("wait_for: %d\n", never.wait_for(lock, 5ms) == std::cv_status::timeout);
    std::printf("predicate: %d\n", never.wait_until(lock, std::chrono::system_clock::now() + 5ms,
                                                    [] { return false; }));
    std::timed_mutex timed;
    timed.lock();
    std::thread([&] { std::printf("try_lock_for: %d\n", timed.try_lock_for(5ms)); }).join();
    timed.unlock();
    std::shared_timed_mutex shared;
    shared.lock_shared();
    std::thread([&] {
        std::printf("shared: %d\n", shared.try_lock_shared_for(5ms));
        shared.unlock_shared();
        std::printf("exclusive: %d\n", shared.try_lock_for(5ms));
    }).join();
    shared.unlock_shared();
}

static void futures()
{
    std::promise<int> promise;
    std::future<int> future = promise.get_future();
    std::thread giver([&] { promise.set_value(17); });
    std::printf("future %d\n", future.get());
    giver.join();
    auto thrown =
        std::async(std::launch::async, []() -> int { throw std::runtime_error("thrown"); });
    try {
        thrown.get();
    } catch (const std::runtime_error &e) {
        std::printf("%s\n", e.what());
    }
    std::promise<void> unkept;
    auto waiting = unkept.get_future();
    std::printf("timeout %d\n", waiting.wait_for(5ms) == std::future_status::timeout);
}

static void once()
{
    std::once_flag flag;
    int calls = 0;
    for (int i = 0; i < 4; i++) {
        try {
            std::call_once(flag, [&] {
                if (++calls < 3)
                    throw std::runtime_error("again");
            });
            std::puts("returned");
        } catch (const std::runtime_error &e) {
            std::puts(e.what());
        }
    }
    std::printf("calls %d\n", calls);
}

static void errors()
{
    std::recursive_mutex recursive;
    recursive.lock();
    std::printf("recursive %d\n", recursive.try_lock());
    recursive.unlock();
    recursive.unlock();
    std::shared_mutex shared;
    shared.lock();
    try {
        shared.lock();
    } catch (const std::system_error &e) {
        std::printf("relock %d\n", e.code() == std::errc::resource_deadlock_would_occur);
    }
    shared.unlock();
}

int main()
{
    queue();
    timeouts();
    futures();
    once();
    errors();
    return 0;
}
