// SPDX-License-Identifier: MIT
// bench_queue_boost CORES: the same as bench_queue, with Boost's message_queue.
#include <boost/interprocess/ipc/message_queue.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sched.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace ipc = boost::interprocess;

static void pin(int core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    sched_setaffinity(0, sizeof set, &set);
}

int main(int argc, char **argv)
{
    const unsigned long messages = 500000;
    const int cores = argc > 1 ? std::atoi(argv[1]) : 1;
    const std::string name = "ilv_bench_" + std::to_string(getpid());
    ipc::message_queue::remove(name.c_str());
    ipc::message_queue queue(ipc::create_only, name.c_str(), 100, 64);
    unsigned long message[8] = {0};
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0) {
        pin(cores - 1);
        for (unsigned long i = 0; i < messages; i++) {
            ipc::message_queue::size_type got;
            unsigned priority;
            queue.receive(message, sizeof message, got, priority);
            if (message[0] != i)
                _exit(1);
        }
        _exit(0);
    }
    pin(0);
    for (unsigned long i = 0; i < messages; i++) {
        message[0] = i;
        queue.send(message, sizeof message, 0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
    std::printf("%.1f\n", spent.count() / static_cast<double>(messages));
    ipc::message_queue::remove(name.c_str());
    return status == 0 ? 0 : 1;
}
