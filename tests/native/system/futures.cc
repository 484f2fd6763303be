/* SPDX-License-Identifier: MIT */
/* flags: -std=c++20 */
/* std::future, std::latch and std::atomic::wait sleep on futexes inside libstdc++. */
#include <atomic>
#include <cstdio>
#include <future>
#include <latch>
#include <thread>

int main()
{
    std::promise<int> promise;
    std::future<int> future = promise.get_future();
    std::thread giver([&] { promise.set_value(42); });
    std::printf("future %d\n", future.get());
    giver.join();
    std::atomic<int> word{0};
    std::thread waker([&] {
        word.store(7);
        word.notify_all();
    });
    word.wait(0);
    std::printf("word %d\n", word.load());
    waker.join();
    std::latch latch{2};
    std::thread counter([&] { latch.count_down(); });
    latch.arrive_and_wait();
    counter.join();
    auto lazy = std::async(std::launch::async, [] { return 5; });
    std::printf("async %d\n", lazy.get());
}
