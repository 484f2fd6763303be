/* SPDX-License-Identifier: MIT */
/* Messages (message.h) passed by atomic operations of every order, fences and a futex. */
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "message.h"

static atomic_int flag;

/*
 * Fault 2: the store is relaxed; fault 3: the load is.
 * [wrong release-acquire 2: message at put, get]
 * [wrong release-acquire 3: message at put, get]
 */
static void tell_by_flag(void)
{
    if (fault == 2)
        atomic_store_explicit(&flag, 1, memory_order_relaxed);
    else
        atomic_store_explicit(&flag, 1, memory_order_release);
}

static void hear_by_flag(void)
{
    if (fault == 3)
        while (!atomic_load_explicit(&flag, memory_order_relaxed))
            ;
    else
        while (!atomic_load_explicit(&flag, memory_order_acquire))
            ;
}
WAY(flag)

static void tell_by_seq_cst(void)
{
    atomic_store(&flag, 1);
}

static void hear_by_consume(void)
{
    while (!atomic_load_explicit(&flag, memory_order_consume))
        ;
}
#define hear_by_seq_cst hear_by_consume
WAY(seq_cst)

static void tell_by_add(void)
{
    atomic_fetch_add_explicit(&flag, 1, memory_order_acq_rel);
}

static void hear_by_compare(void)
{
    int one = 1;
    while (!atomic_compare_exchange_weak_explicit(&flag, &one, 2, memory_order_acquire,
                                                  memory_order_relaxed))
        one = 1;
}
#define hear_by_add hear_by_compare
WAY(add)

/*
 * Fault 2: a failed compare-exchange is relaxed, and what it reads orders nothing.
 * [wrong failed-compare 2: message at put, get]
 */
static void hear_by_failing(void)
{
    int seen = 0;
    if (fault == 2)
        while (atomic_compare_exchange_strong_explicit(&flag, &seen, 0, memory_order_acq_rel,
                                                       memory_order_relaxed))
            seen = 0;
    else
        while (atomic_compare_exchange_strong_explicit(&flag, &seen, 0, memory_order_acq_rel,
                                                       memory_order_acquire))
            seen = 0;
}
#define tell_by_failing tell_by_seq_cst
WAY(failing)

/*
 * Fences make relaxed accesses order. Fault 2: no fence before the store, 3: none after the load.
 * [wrong fences 2: message at put, get]
 * [wrong fences 3: message at put, get]
 */
static void tell_by_fence(void)
{
    if (fault != 2)
        atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&flag, 1, memory_order_relaxed);
}

static void hear_by_fence(void)
{
    while (!atomic_load_explicit(&flag, memory_order_relaxed))
        ;
    if (fault != 3)
        atomic_thread_fence(memory_order_acquire);
}
WAY(fence)

/*
 * A third thread passes the flag on by a relaxed read-modify-write: the release sequence goes on.
 * Fault 2: by a store, which ends it.
 * [wrong release-sequence 2: message at put, get]
 */
static void *passes_on(void *argument)
{
    (void)argument;
    while (atomic_load_explicit(&flag, memory_order_relaxed) != 1)
        ;
    if (fault == 2)
        atomic_store_explicit(&flag, 2, memory_order_relaxed);
    else
        atomic_fetch_add_explicit(&flag, 1, memory_order_relaxed);
    return NULL;
}

static void tell_by_sequence(void)
{
    atomic_store_explicit(&flag, 1, memory_order_release);
}

static void hear_by_sequence(void)
{
    while (atomic_load_explicit(&flag, memory_order_acquire) != 2)
        ;
}
WAY(sequence)

static void release_sequence_passes(void)
{
    pthread_t c = thread(passes_on, NULL);
    sequence_passes();
    join(c);
}

/*
 * atomic_flag as a lock. Fault 2: it is cleared relaxed.
 * [wrong atomic-flag 2: message at put, get]
 */
static atomic_flag busy = ATOMIC_FLAG_INIT;

static void lock_flag(void)
{
    while (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire))
        sched_yield();
}

static void unlock_flag(void)
{
    atomic_flag_clear_explicit(&busy, fault == 2 ? memory_order_relaxed : memory_order_release);
}

static void tell_by_lock_flag(void)
{
    lock_flag();
    atomic_store_explicit(&flag, 1, memory_order_relaxed);
    unlock_flag();
}

static void hear_by_lock_flag(void)
{
    int heard = 0;
    while (!heard) {
        lock_flag();
        heard = atomic_load_explicit(&flag, memory_order_relaxed);
        unlock_flag();
    }
}
WAY(lock_flag)

/* ---- futex -------------------------------------------------------------------------------- */

static void tell_by_futex(void)
{
    atomic_store_explicit(&flag, 1, memory_order_release);
    syscall(SYS_futex, &flag, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void hear_by_futex(void)
{
    while (!atomic_load_explicit(&flag, memory_order_acquire))
        syscall(SYS_futex, &flag, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}
WAY(futex)

CASES({"release-acquire", flag_passes}, {"seq-cst", seq_cst_passes}, {"add", add_passes},
      {"failed-compare", failing_passes}, {"fences", fence_passes},
      {"release-sequence", release_sequence_passes}, {"atomic-flag", lock_flag_passes},
      {"futex", futex_passes})
