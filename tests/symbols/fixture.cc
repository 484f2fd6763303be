/* SPDX-License-Identifier: MIT */
/* As fixture.c, in C++. */
#include <cstdint>
#include <cstdio>
#include <link.h>
#include <mutex>

static uintptr_t bias;

static void row(const char *what, const char *name, int number, const void *at, size_t size)
{
    printf("%s %s %d %jx %zu 0 0\n", what, name, number,
           static_cast<uintmax_t>(reinterpret_cast<uintptr_t>(at) - bias), size);
}

__attribute__((noinline)) static void mark(const char *function, int line)
{
    row("code", function, line, __builtin_return_address(0), 0);
}

#define MARK(function)                     \
    do {                                   \
        mark(function, __LINE__);          \
        __asm__ volatile("" ::: "memory"); \
    } while (0)

namespace bank
{

std::mutex lock;

struct Teller {
    std::mutex drawer;
    int served = 0;
    static int count;

    __attribute__((noinline)) void serve(int customer) const
    {
        MARK("bank::Teller::serve");
        (void)customer;
    }
};

int Teller::count;
Teller tellers[2];

template <typename T> __attribute__((noinline)) T twice(T value)
{
    MARK("bank::twice<int>");
    return value + value;
}

} // namespace bank

int main()
{
    dl_iterate_phdr(
        [](dl_phdr_info *info, size_t, void *) {
            bias = info->dlpi_addr;
            return 1;
        },
        nullptr);
    bank::tellers[0].serve(bank::twice(1));
    row("data", "bank::lock", 0, &bank::lock, sizeof bank::lock);
    row("data", "bank::tellers[1].drawer", 0, &bank::tellers[1].drawer, sizeof(std::mutex));
    row("data", "bank::tellers[1].served", 0, &bank::tellers[1].served, sizeof(int));
    row("data", "bank::Teller::count", 0, &bank::Teller::count, sizeof(int));
    return 0;
}
