/* SPDX-License-Identifier: MIT */
/*
 * A program that says where its own variables and calls lie, so that the tests can ask the
 * symbols for them. A row is `what expected-name number offset size`; for code the number is the
 * line, for data it is 0. Offsets are those of symbols.h: address minus load bias.
 */
#include <link.h>
#include <pthread.h>
#include <stdio.h>

struct account {
    long balance;
    pthread_mutex_t lock;
};

struct bank {
    int count;
    struct account accounts[3];
    struct {
        int hidden;
    };
    union {
        char letters[5];
        long wide;
    } either;
};

pthread_mutex_t lock_a = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t forks[5];
struct bank bank;
int grid[3][4];
static int counter = 1;

static uintptr_t bias;

static int find_bias(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size;
    (void)context;
    bias = info->dlpi_addr;
    return 1;
}

static void row(const char *what, const char *name, int number, const void *at, size_t size)
{
    printf("%s %s %d %jx %zu\n", what, name, number, (uintmax_t)((uintptr_t)at - bias), size);
}

__attribute__((noinline)) static void mark(const char *what, const char *function, int line)
{
    row(what, function, line, __builtin_return_address(0), 0);
}

/* The assembly keeps the call from becoming a jump. */
#define MARK(what, function)               \
    do {                                   \
        mark(what, function, __LINE__);    \
        __asm__ volatile("" ::: "memory"); \
    } while (0)
#define DATA(expression) row("data", #expression, 0, &(expression), sizeof(expression))

static inline __attribute__((always_inline)) void innermost(void)
{
    MARK("inline", "innermost");
}

static inline __attribute__((always_inline)) void between(void)
{
    innermost();
}

__attribute__((noinline)) static void worker(void)
{
    static pthread_mutex_t inside;
    MARK("code", "worker");
    between();
    row("data", "worker::inside", 0, &inside, sizeof inside);
}

int main(void)
{
    dl_iterate_phdr(find_bias, NULL);
    MARK("code", "main");
    worker();
    DATA(lock_a);
    DATA(forks[0]);
    DATA(forks[2]);
    DATA(bank.count);
    DATA(bank.accounts[0].balance);
    DATA(bank.accounts[1].lock);
    DATA(bank.hidden);
    DATA(bank.either.letters[3]);
    DATA(bank.either.wide);
    DATA(grid[1][2]);
    DATA(counter);
    return 0;
}
