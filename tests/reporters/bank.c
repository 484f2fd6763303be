/* SPDX-License-Identifier: MIT */
#include "bank.h"

pthread_mutex_t lock_a;
pthread_mutex_t lock_b;
pthread_cond_t ready;
struct account accounts[3];
uintptr_t bank_return[BANK_CALLS];

static unsigned walked;

__attribute__((noinline)) static void note(const void *object)
{
    (void)object;
    bank_return[walked++ % BANK_CALLS] = (uintptr_t)__builtin_return_address(0);
}

#define create note
#define join note
#define lock note
#define unlock note
#define wait_for note
#define signal note
#define check note
#define call note

static void run(void)
{
    create(&accounts[0]);
    create(&accounts[1]);
    join(&accounts[0]);
}

static void teller_one(void)
{
    lock(&lock_a);
    lock(&lock_b);
    unlock(&lock_b);
}

static void teller_two(void)
{
    lock(&lock_b);
    lock(&lock_a);
    unlock(&lock_a);
}

static void consumer(void)
{
    lock(&lock_a);
    wait_for(&ready);
}

static void producer(void)
{
    signal(&ready);
}

static void balance_of(const struct account *account)
{
    check(account);
}

static void audit(void)
{
    call(&accounts[1]);
    balance_of(&accounts[1]);
}

struct ilv_stock orders;
pthread_mutex_t drawer;

static void ilv_stock_put(void);
static void ilv_stock_take(void);
static void ilv_mutex_take(void);
static void keep_stock(void);

static void trade(void)
{
    call(&orders);
    call(&orders);
    call(&drawer);
    ilv_stock_put();
    ilv_stock_take();
    ilv_mutex_take();
}

void bank_walk(void)
{
    walked = 0;
    run();
    teller_one();
    teller_two();
    consumer();
    producer();
    audit();
    trade();
    keep_stock();
}

#line 1 "libilv/src/stock.c"
static void ilv_stock_put(void)
{
    note(&orders.places);
    note(&orders.taken);
}

static void ilv_stock_take(void)
{
    note(&orders.places);
    note(&orders.places);
    note(&orders.taken);
}

static void ilv_mutex_take(void)
{
    lock(&drawer);
}

static void keep_stock(void)
{
    check(&orders);
}
