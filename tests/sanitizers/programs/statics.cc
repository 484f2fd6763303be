/* SPDX-License-Identifier: MIT */
/* C++: threads of the standard library, a static that two threads make at once, exceptions. */
/* beneath: thread address */
/* fault 1: the static's value is changed without a lock */
/* finds 1: sanitizer | thread only */
/* tells 1: ThreadSanitizer: data race */
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace
{
std::mutex lock;

class registry
{
  public:
    registry()
    {
        std::lock_guard<std::mutex> hold(lock);
        names.push_back(1);
    }
    void add(int name)
    {
#if FAULT != 1
        std::lock_guard<std::mutex> hold(lock);
#endif
        names.push_back(name);
    }
    std::size_t size()
    {
        std::lock_guard<std::mutex> hold(lock);
        return names.size();
    }

  private:
    std::vector<int> names;
};

registry &the_registry()
{
    static registry only;
    return only;
}

void work(int name)
{
    try {
        the_registry().add(name);
        if (the_registry().size() > 1)
            throw std::runtime_error("enough");
    } catch (const std::runtime_error &) {
        the_registry().add(-name);
    }
}
} // namespace

int main()
{
    std::thread a(work, 2), b(work, 3);
    a.join();
    b.join();
    return the_registry().size() == 5 || FAULT == 1 ? 0 : 1;
}
