/* SPDX-License-Identifier: MIT */
/* A thread throws what nobody catches. */
/* status: 1 */
/* tells: terminate called after throwing an instance of 'std::runtime_error' */
/* says: FOUND crash in run 0: throws-crash-1.sched */
#include <stdexcept>
#include <thread>

int main()
{
    std::thread thread([] { throw std::runtime_error("nobody"); });
    thread.join();
}
