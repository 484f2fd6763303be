/* SPDX-License-Identifier: MIT */
/*
 * A program that says where its own variables and calls lie, so that the tests can ask the
 * symbols for them. A row is `what expected-name number offset size sp bp`; for code the number is
 * the line, else it is 0. Offsets are those of symbols.h: address minus load bias. Of locals the
 * offset is that of code of their function, and sp and bp say how far behind the registers they lie
 * there; their name is `variable@function`.
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
struct ilv_thing {
    struct account first;
    int state;
} things[2];
struct {
    int count;
    struct ilv_thing thing;
} shop;
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
    printf("%s %s %d %jx %zu 0 0\n", what, name, number, (uintmax_t)((uintptr_t)at - bias), size);
}

/* Where a function is, and its registers there. */
struct spot {
    uintptr_t code, sp, bp;
};

#define SPOT(spot)                                                        \
    __asm__ volatile("lea 0(%%rip), %0\n\tmov %%rsp, %1\n\tmov %%rbp, %2" \
                     : "=r"((spot)->code), "=r"((spot)->sp), "=r"((spot)->bp))

__attribute__((noinline)) static void local(const struct spot *spot, const char *what,
                                            const char *name, const void *at, size_t size)
{
    printf("%s %s 0 %jx %zu %jd %jd\n", what, name, (uintmax_t)(spot->code - bias), size,
           (intmax_t)((uintptr_t)at - spot->sp), (intmax_t)((uintptr_t)at - spot->bp));
}

#define LOCAL(what, expression, function) \
    local(&spot, what, #expression "@" function, &(expression), sizeof(expression))

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

struct job {
    int number;
    long total[2];
};

static inline __attribute__((always_inline)) void inlined(void)
{
    struct spot spot;
    long own = 0;
    SPOT(&spot);
    LOCAL("local", own, "inlined");
}

/* The variables of the two blocks may lie at one place. */
__attribute__((noinline)) static void blocks(int which)
{
    struct spot spot;
    SPOT(&spot);
    if (which) {
        long first[4] = {1};
        LOCAL("shared", first, "blocks");
    } else {
        long second[4] = {2};
        LOCAL("shared", second, "blocks");
    }
}

__attribute__((noinline)) static void locals(int parameter)
{
    struct spot spot;
    struct job job = {0};
    int rows[2][3] = {{0}};
    SPOT(&spot);
    LOCAL("local", job.number, "locals");
    LOCAL("local", job.total[1], "locals");
    LOCAL("local", rows[1][2], "locals");
    LOCAL("parameter", parameter, "locals");
    inlined();
    blocks(0);
    blocks(1);
}

static void call_library(void);

int main(void)
{
    dl_iterate_phdr(find_bias, NULL);
    MARK("code", "main");
    worker();
    locals(1);
    call_library();
    row("data", "things[1]", 0, &things[1].first.balance, sizeof(long));
    DATA(things[1].state);
    row("primitive", "things[1]", 0, &things[1].state, sizeof(int));
    row("primitive", "shop.thing", 0, &shop.thing.first.lock, sizeof(pthread_mutex_t));
    row("other", "shop.count", 0, &shop.count, sizeof(int));
    row("other", "forks[1]", 0, &forks[1], sizeof forks[1]);
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

#line 1 "libilv/src/thing.c"
__attribute__((noinline)) static void call_library(void)
{
    static int kept;
    MARK("library", "call_library");
    row("hidden", "kept", 0, &kept, sizeof kept);
}
