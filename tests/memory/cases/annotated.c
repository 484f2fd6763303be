/* SPDX-License-Identifier: MIT */
/* Programs that say themselves what orders them (ThreadSanitizer's interface, and the older
 * one). */
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

#include "cases.h"

void __tsan_acquire(void *);
void __tsan_release(void *);
void __tsan_mutex_create(void *, unsigned);
void __tsan_mutex_destroy(void *, unsigned);
void __tsan_mutex_pre_lock(void *, unsigned);
void __tsan_mutex_post_lock(void *, unsigned, int);
int __tsan_mutex_pre_unlock(void *, unsigned);
void __tsan_mutex_post_unlock(void *, unsigned);
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned);
void __tsan_destroy_fiber(void *);
void __tsan_switch_to_fiber(void *, unsigned);
void AnnotateHappensBefore(const char *, int, const volatile void *);
void AnnotateHappensAfter(const char *, int, const volatile void *);
void AnnotateBenignRaceSized(const char *, int, const volatile void *, size_t, const char *);
void AnnotateIgnoreReadsBegin(const char *, int);
void AnnotateIgnoreReadsEnd(const char *, int);
void AnnotateIgnoreWritesBegin(const char *, int);
void AnnotateIgnoreWritesEnd(const char *, int);
void AnnotateNewMemory(const char *, int, const volatile void *, size_t);
void AnnotateRWLockCreate(const char *, int, const volatile void *);
void AnnotateRWLockAcquired(const char *, int, const volatile void *, long);
void AnnotateRWLockReleased(const char *, int, const volatile void *, long);
void AnnotateRWLockDestroy(const char *, int, const volatile void *);

static atomic_int flag;
static int message;

/* ---- what orders -------------------------------------------------------------------------- */

/* The flag is relaxed, and the annotation says what assembly might do.
 * [wrong released 1: message at put released, get released]
 * [wrong released 2: message at put released, get released] */
static void *releases(void *argument)
{
    message = 42; /* put released */
    if (fault != 1)
        __tsan_release(&flag);
    atomic_store_explicit(&flag, 1, memory_order_relaxed);
    return argument;
}

static void *acquires(void *argument)
{
    while (!atomic_load_explicit(&flag, memory_order_relaxed))
        sched_yield();
    if (fault != 2)
        __tsan_acquire(&flag);
    holds(message == 42); /* get released */
    return argument;
}

static void released(void)
{
    run_both(releases, acquires);
}

/* [wrong happens-before 1: message at put before, get after] */
static void *happens_before(void *argument)
{
    message = 42; /* put before */
    if (fault == 0)
        AnnotateHappensBefore(__FILE__, __LINE__, &flag);
    atomic_store_explicit(&flag, 1, memory_order_relaxed);
    return argument;
}

static void *happens_after(void *argument)
{
    while (!atomic_load_explicit(&flag, memory_order_relaxed))
        sched_yield();
    AnnotateHappensAfter(__FILE__, __LINE__, &flag);
    holds(message == 42); /* get after */
    return argument;
}

static void before_and_after(void)
{
    run_both(happens_before, happens_after);
}

/* ---- locks of its own ---------------------------------------------------------------------- */

static atomic_int own_lock;
static int guarded;

static void take_own(void)
{
    if (fault == 0)
        __tsan_mutex_pre_lock(&own_lock, 0);
    while (atomic_exchange_explicit(&own_lock, 1, memory_order_relaxed))
        sched_yield();
    if (fault == 0)
        __tsan_mutex_post_lock(&own_lock, 0, 1);
}

static void let_own_go(void)
{
    if (fault == 0)
        (void)__tsan_mutex_pre_unlock(&own_lock, 0);
    atomic_store_explicit(&own_lock, 0, memory_order_relaxed);
    if (fault == 0)
        __tsan_mutex_post_unlock(&own_lock, 0);
}

/* [wrong own-lock 1: guarded at under a lock of its own, under a lock of its own] */
static void *locks_own(void *argument)
{
    for (int i = 0; i < 2; i++) {
        take_own();
        guarded++; /* under a lock of its own */
        let_own_go();
    }
    return argument;
}

static void lock_of_its_own(void)
{
    __tsan_mutex_create(&own_lock, 0);
    run_both(locks_own, locks_own);
    holds(guarded == 4);
    __tsan_mutex_destroy(&own_lock, 0);
}

static void *locks_old_way(void *argument)
{
    while (atomic_exchange_explicit(&own_lock, 1, memory_order_relaxed))
        sched_yield();
    if (fault == 0)
        AnnotateRWLockAcquired(__FILE__, __LINE__, &own_lock, 1);
    guarded++; /* under an old lock */
    if (fault == 0)
        AnnotateRWLockReleased(__FILE__, __LINE__, &own_lock, 1);
    atomic_store_explicit(&own_lock, 0, memory_order_relaxed);
    return argument;
}

/* [wrong old-lock 1: guarded at under an old lock, under an old lock] */
static void lock_the_old_way(void)
{
    AnnotateRWLockCreate(__FILE__, __LINE__, &own_lock);
    run_both(locks_old_way, locks_old_way);
    holds(guarded == 2);
    AnnotateRWLockDestroy(__FILE__, __LINE__, &own_lock);
}

/* ---- what is meant -------------------------------------------------------------------------- */

static int statistics;

static void *counts(void *argument)
{
    statistics++; /* count */
    return argument;
}

/* [wrong benign 1: statistics at count, count] */
static void benign(void)
{
    if (fault == 0)
        AnnotateBenignRaceSized(__FILE__, __LINE__, &statistics, sizeof statistics, "a counter");
    run_both(counts, counts);
}

static int early;

__attribute__((constructor)) static void said_early(void)
{
    AnnotateBenignRaceSized(__FILE__, __LINE__, &early, sizeof early, "said before main");
}

static void *counts_early(void *argument)
{
    early++;
    return argument;
}

/* Said by a constructor: before there is a run. */
static void benign_early(void)
{
    run_both(counts_early, counts_early);
}

static void *counts_unseen(void *argument)
{
    if (fault == 0) {
        AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
        AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
    }
    statistics++; /* count unseen */
    if (fault == 0) {
        AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
        AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
    }
    return argument;
}

/* [wrong ignored 1: statistics at count unseen, count unseen] */
static void ignored(void)
{
    run_both(counts_unseen, counts_unseen);
}

static int pool[4];

static void *uses_again(void *argument)
{
    while (atomic_exchange_explicit(&flag, 1, memory_order_relaxed))
        sched_yield();
    if (fault == 0)
        AnnotateNewMemory(__FILE__, __LINE__, pool, sizeof pool);
    pool[1] = 1; /* use the pool */
    atomic_store_explicit(&flag, 0, memory_order_relaxed);
    return argument;
}

/* An allocator says that it hands out memory anew.
 * [wrong new-memory 1: pool at use the pool, use the pool] */
static void new_memory(void)
{
    run_both(uses_again, uses_again);
}

__attribute__((no_sanitize("thread"))) static void *counts_uninstrumented(void *argument)
{
    statistics++;
    return argument;
}

static void uninstrumented(void)
{
    run_both(counts_uninstrumented, counts_uninstrumented);
}

/* ---- fibers --------------------------------------------------------------------------------- */

static int of_fiber;
static void *fiber;

/* A fiber's work, done once in each thread, handed over by a switch. Fault 1: the switch says
 * that it orders nothing; fault 2: another thread goes on with no order between the threads.
 * [wrong fibers 1: of_fiber at work as the thread, work as a fiber]
 * [wrong fibers 2: of_fiber at work as the thread, work elsewhere] */
static void *switches(void *argument)
{
    void *own = __tsan_get_current_fiber();
    fiber = __tsan_create_fiber(0);
    of_fiber++; /* work as the thread */
    __tsan_switch_to_fiber(fiber, fault == 1);
    of_fiber++; /* work as a fiber */
    __tsan_switch_to_fiber(own, 0);
    of_fiber++;
    __tsan_destroy_fiber(fiber);
    return argument;
}

static void *works_elsewhere(void *argument)
{
    if (fault == 2)
        of_fiber++; /* work elsewhere */
    return argument;
}

static void fibers(void)
{
    run_both(switches, works_elsewhere);
}

/* A fiber begins in one thread and goes on in another, with a lock to hand it over. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void *moving;

static void *goes_on(void *argument)
{
    void *own = __tsan_get_current_fiber();
    lock(&mutex);
    __tsan_switch_to_fiber(moving, 0);
    of_fiber++;
    __tsan_switch_to_fiber(own, 0);
    unlock(&mutex);
    return argument;
}

static void fiber_moves(void)
{
    moving = __tsan_create_fiber(0);
    run_both(goes_on, goes_on);
    holds(of_fiber == 2);
    __tsan_destroy_fiber(moving);
}

CASES({"released", released}, {"happens-before", before_and_after}, {"own-lock", lock_of_its_own},
      {"old-lock", lock_the_old_way}, {"benign", benign}, {"benign-early", benign_early},
      {"ignored", ignored}, {"new-memory", new_memory}, {"uninstrumented", uninstrumented},
      {"fibers", fibers}, {"fiber-moves", fiber_moves})
