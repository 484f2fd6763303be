/* SPDX-License-Identifier: MIT */
/*
 * Loops that wait for another thread's store end under every strategy, and a weak
 * compare-exchange fails spuriously only where that is asked for.
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "cases.h"

static atomic_int flag;
static volatile int volatile_flag;
static atomic_int other;

static void *sets_flag(void *argument)
{
    for (int i = 0; i < 3; i++)
        atomic_fetch_add_explicit(&other, 1, memory_order_relaxed);
    atomic_store_explicit(&flag, 1, memory_order_release);
    return argument;
}

static void *spins(void *argument)
{
    while (!atomic_load_explicit(&flag, memory_order_acquire))
        ;
    return argument;
}

static void spin_on_atomic(void)
{
    pthread_t a = thread(spins, NULL);
    pthread_t b = thread(spins, NULL);
    sets_flag(NULL);
    join(a);
    join(b);
}

static void *sets_volatile(void *argument)
{
    volatile_flag = 1; /* set the volatile flag */
    return argument;
}

static void *spins_on_volatile(void *argument)
{
    if (fault == 1)
        while (!volatile_flag) /* poll the volatile flag */
            ;
    return argument;
}

/* A race of its own, but it ends.
 * [wrong volatile 1: volatile_flag at set the volatile flag, poll the volatile flag]
 * [allowed volatile 1: no hang] */
static void spin_on_volatile(void)
{
    run_both(spins_on_volatile, fault == 1 ? sets_volatile : spins_on_volatile);
}

static int plain_flag;

__attribute__((noinline)) static int plain_value(void)
{
    __asm__ volatile("" ::: "memory");
    return plain_flag; /* poll the plain flag */
}

static void *sets_plain(void *argument)
{
    if (fault == 1)
        plain_flag = 1; /* set the plain flag */
    return argument;
}

static void *spins_on_plain(void *argument)
{
    while (fault == 1 && !plain_value())
        ;
    return argument;
}

/* [wrong plain 1: plain_flag at set the plain flag, poll the plain flag]
 * [allowed plain 1: no hang] */
static void spin_on_plain(void)
{
    run_both(spins_on_plain, sets_plain);
}

/* Two flags in turn: nobody may keep the other from going on. */
static void *ping(void *argument)
{
    int me = (int)(long)argument;
    for (int i = 0; i < 4; i++) {
        while (atomic_load_explicit(&flag, memory_order_acquire) % 2 != me)
            ;
        atomic_fetch_add_explicit(&flag, 1, memory_order_release);
    }
    return NULL;
}

static void take_turns(void)
{
    run_threads(2, ping);
    holds(atomic_load(&flag) == 8);
}

static void *adds_weakly(void *argument)
{
    int seen = atomic_load_explicit(&flag, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&flag, &seen, seen + 1, memory_order_relaxed,
                                                  memory_order_relaxed))
        ;
    return argument;
}

static void *takes_weak_for_strong(void *argument)
{
    int zero = 0;
    bool done = atomic_compare_exchange_weak_explicit(&other, &zero, 1, memory_order_relaxed,
                                                      memory_order_relaxed);
    holds(done || zero != 0);
    return argument;
}

/* Fault 1: one try is taken for certain. Found only where failures are asked for.
 * [spurious weak 1: exit-status] */
static void weak_compare(void)
{
    run_both(adds_weakly, adds_weakly);
    holds(atomic_load(&flag) == 2);
    if (fault == 1)
        run_both(takes_weak_for_strong, takes_weak_for_strong);
}

CASES({"atomic", spin_on_atomic}, {"volatile", spin_on_volatile}, {"plain", spin_on_plain},
      {"turns", take_turns}, {"weak", weak_compare})
