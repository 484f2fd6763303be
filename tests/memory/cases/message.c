/* SPDX-License-Identifier: MIT */
/*
 * One thread writes a message and tells another one, in every way there is, that it may read it.
 * Fault 1: it is written too late. Other faults: the way is walked wrongly.
 *
 * [wrong * 1: message at put late, get]
 * [breaks * 1: exit-status]
 */
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <threads.h>
#include <unistd.h>

#include "cases.h"

static int message;

struct way {
    void (*tell)(void);
    void (*hear)(void);
};

static void *teller(void *argument)
{
    const struct way *way = argument;
    if (fault != 1)
        message = 42; /* put */
    way->tell();
    if (fault == 1)
        message = 42; /* put late */
    return NULL;
}

static void *hearer(void *argument)
{
    const struct way *way = argument;
    way->hear();
    holds(message == 42); /* get */
    return NULL;
}

static void pass(const struct way *way)
{
    pthread_t b = thread(hearer, (void *)(uintptr_t)way);
    pthread_t a = thread(teller, (void *)(uintptr_t)way);
    join(a);
    join(b);
}

#define WAY(name)                                                       \
    static void name##_passes(void)                                     \
    {                                                                   \
        static const struct way way = {tell_by_##name, hear_by_##name}; \
        pass(&way);                                                     \
    }

/* ---- locks -------------------------------------------------------------------------------- */

static int told;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void tell_by_mutex(void)
{
    lock(&mutex);
    told = 1;
    unlock(&mutex);
}

static void hear_by_mutex(void)
{
    int heard = 0;
    while (!heard) {
        lock(&mutex);
        heard = told;
        unlock(&mutex);
        if (!heard)
            sched_yield();
    }
}
WAY(mutex)

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void tell_by_rwlock(void)
{
    must(pthread_rwlock_wrlock(&rwlock));
    told = 1;
    must(pthread_rwlock_unlock(&rwlock));
}

static void hear_by_rwlock(void)
{
    int heard = 0;
    while (!heard) {
        must(pthread_rwlock_rdlock(&rwlock));
        heard = told;
        must(pthread_rwlock_unlock(&rwlock));
        if (!heard)
            sched_yield();
    }
}
WAY(rwlock)

static pthread_spinlock_t spin;

static void tell_by_spin(void)
{
    must(pthread_spin_lock(&spin));
    told = 1;
    must(pthread_spin_unlock(&spin));
}

static void hear_by_spin(void)
{
    int heard = 0;
    while (!heard) {
        must(pthread_spin_lock(&spin));
        heard = told;
        must(pthread_spin_unlock(&spin));
    }
}
WAY(spin)

static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void tell_by_cond(void)
{
    lock(&mutex);
    told = 1;
    must(pthread_cond_signal(&cond));
    unlock(&mutex);
}

static void hear_by_cond(void)
{
    lock(&mutex);
    while (!told)
        must(pthread_cond_wait(&cond, &mutex));
    unlock(&mutex);
}
WAY(cond)

static pthread_barrier_t barrier;

static void tell_by_barrier(void)
{
    pthread_barrier_wait(&barrier);
}

#define hear_by_barrier tell_by_barrier
WAY(barrier)

static sem_t semaphore;

static void tell_by_semaphore(void)
{
    must(sem_post(&semaphore));
}

static void hear_by_semaphore(void)
{
    must(sem_wait(&semaphore));
}
WAY(semaphore)

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_message(void)
{
    message = 42; /* put once */
}

static void *makes_message(void *argument)
{
    must(pthread_once(&once, make_message));
    holds(message == 42); /* get made */
    return argument;
}

/* Fault 1: it was made before its time, with no once.
 * [wrong once 1: message at put unasked, put once]
 * [breaks once 1: exit-status] */
static void once_passes(void)
{
    pthread_t a = thread(makes_message, NULL);
    pthread_t b = thread(makes_message, NULL);
    if (fault == 1)
        message = 41; /* put unasked */
    join(a);
    join(b);
}

static mtx_t c11_mutex;
static cnd_t c11_cond;

static void tell_by_c11(void)
{
    must(mtx_lock(&c11_mutex));
    told = 1;
    must(cnd_broadcast(&c11_cond));
    must(mtx_unlock(&c11_mutex));
}

static void hear_by_c11(void)
{
    must(mtx_lock(&c11_mutex));
    while (!told)
        must(cnd_wait(&c11_cond, &c11_mutex));
    must(mtx_unlock(&c11_mutex));
}
WAY(c11)

/* ---- descriptors -------------------------------------------------------------------------- */

static int ends[2];

static void tell_by_ends(void)
{
    must(write(ends[1], "x", 1) != 1);
}

static void hear_by_ends(void)
{
    char c;
    must(read(ends[0], &c, 1) != 1);
}
WAY(ends)

static void pipe_passes(void)
{
    must(pipe(ends));
    ends_passes();
}

static void socketpair_passes(void)
{
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    ends_passes();
}

static void tell_by_closing(void)
{
    must(close(ends[1]));
}

static void hear_by_closing(void)
{
    char c;
    must(read(ends[0], &c, 1) != 0);
}
WAY(closing)

static void close_passes(void)
{
    must(pipe(ends));
    closing_passes();
}

static void tell_by_packet(void)
{
    must(send(ends[1], "x", 1, 0) != 1);
}

static void hear_by_packet(void)
{
    struct pollfd p = {.fd = ends[0], .events = POLLIN};
    must(poll(&p, 1, -1) != 1);
}
WAY(packet)

static void poll_passes(void)
{
    must(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
    packet_passes();
}

static void tell_by_event(void)
{
    must(eventfd_write(ends[0], 1));
}

static void hear_by_event(void)
{
    eventfd_t value;
    must(eventfd_read(ends[0], &value));
}
WAY(event)

static void eventfd_passes(void)
{
    ends[0] = eventfd(0, 0);
    event_passes();
}

/* ---- signals ------------------------------------------------------------------------------ */

static void tell_by_signal(void)
{
    must(kill(getpid(), SIGUSR1));
}

static void hear_by_signal(void)
{
    sigset_t set;
    int number;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    must(sigwait(&set, &number));
}
WAY(signal)

static void sigwait_passes(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    must(pthread_sigmask(SIG_BLOCK, &set, NULL));
    signal_passes();
}

static volatile sig_atomic_t handled;
static atomic_int handled_by_all;

static void on_signal(int number)
{
    (void)number;
    holds(message == 42); /* get in a handler */
    atomic_store_explicit(&handled_by_all, 1, memory_order_relaxed);
}

static void *waits_for_signal(void *argument)
{
    (void)argument;
    while (!atomic_load_explicit(&handled_by_all, memory_order_relaxed))
        sched_yield();
    return NULL;
}

/* [wrong handler 1: message at put late for a handler, get in a handler]
 * [breaks handler 1: exit-status] */
static void handler_passes(void)
{
    signal(SIGUSR1, on_signal);
    pthread_t a = thread(waits_for_signal, NULL);
    if (fault != 1)
        message = 42; /* put for a handler */
    must(pthread_kill(a, SIGUSR1));
    if (fault == 1)
        message = 42; /* put late for a handler */
    join(a);
}

static void own_handler(int number)
{
    (void)number;
    handled = 1;
}

static void *raises(void *argument)
{
    (void)argument;
    must(raise(SIGUSR2));
    holds(handled == 1);
    return NULL;
}

/* [wrong own-handler 1: nothing]
 * [breaks own-handler 1: nothing]
 * A handler shares volatile variables with the thread that it interrupts. */
static void own_handler_is_ordered(void)
{
    signal(SIGUSR2, own_handler);
    join(thread(raises, NULL));
    join(thread(raises, NULL));
}

/* ---- atomic operations -------------------------------------------------------------------- */

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

/* ---- create and join ---------------------------------------------------------------------- */

static void *puts_message(void *argument)
{
    (void)argument;
    message = 42; /* put at join */
    return NULL;
}

/* [wrong join 1: message at put at join, get at join]
 * [breaks join 1: exit-status] */
static void join_passes(void)
{
    pthread_t a = thread(puts_message, NULL);
    if (fault == 0)
        join(a);
    holds(message == 42); /* get at join */
    if (fault == 1)
        join(a);
}

static void *gets_message(void *argument)
{
    (void)argument;
    holds(message == 42); /* get at create */
    return NULL;
}

/* [wrong create 1: message at put after, get at create]
 * [breaks create 1: exit-status] */
static void create_passes(void)
{
    if (fault == 0)
        message = 42;
    pthread_t a = thread(gets_message, NULL);
    if (fault == 1)
        message = 42; /* put after */
    join(a);
}

static int c11_puts(void *argument)
{
    (void)argument;
    message = 42; /* put at thrd_join */
    return 0;
}

/* [wrong thrd-join 1: message at put at thrd_join, get at thrd_join]
 * [breaks thrd-join 1: exit-status] */
static void thrd_join_passes(void)
{
    thrd_t a;
    must(thrd_create(&a, c11_puts, NULL) != thrd_success);
    if (fault == 0)
        must(thrd_join(a, NULL) != thrd_success);
    holds(message == 42); /* get at thrd_join */
    if (fault == 1)
        must(thrd_join(a, NULL) != thrd_success);
}

/* A detached thread tells its end by a semaphore. */
static void *puts_and_posts(void *argument)
{
    if (fault == 0)
        message = 42;
    must(sem_post(&semaphore));
    if (fault == 1)
        message = 42; /* put after a post */
    return argument;
}

/* [wrong detached 1: message at put after a post, get at detached]
 * [breaks detached 1: exit-status] */
static void detached_passes(void)
{
    pthread_t a = thread(puts_and_posts, NULL);
    must(pthread_detach(a));
    must(sem_wait(&semaphore));
    holds(message == 42); /* get at detached */
}

/* ---- all ---------------------------------------------------------------------------------- */

static void with(void (*passes)(void))
{
    must(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE));
    must(pthread_barrier_init(&barrier, NULL, 2));
    must(sem_init(&semaphore, 0, 0));
    must(mtx_init(&c11_mutex, mtx_plain) != thrd_success);
    must(cnd_init(&c11_cond) != thrd_success);
    passes();
}

#define PREPARED(name)                \
    static void prepared_##name(void) \
    {                                 \
        with(name##_passes);          \
    }
PREPARED(spin)
PREPARED(barrier)
PREPARED(semaphore)
PREPARED(c11)
PREPARED(detached)

CASES({"mutex", mutex_passes}, {"rwlock", rwlock_passes}, {"spin", prepared_spin},
      {"cond", cond_passes}, {"barrier", prepared_barrier}, {"semaphore", prepared_semaphore},
      {"once", once_passes}, {"c11", prepared_c11}, {"pipe", pipe_passes},
      {"socketpair", socketpair_passes}, {"close", close_passes}, {"poll", poll_passes},
      {"eventfd", eventfd_passes}, {"sigwait", sigwait_passes}, {"handler", handler_passes},
      {"own-handler", own_handler_is_ordered}, {"release-acquire", flag_passes},
      {"seq-cst", seq_cst_passes}, {"add", add_passes}, {"failed-compare", failing_passes},
      {"fences", fence_passes}, {"release-sequence", release_sequence_passes},
      {"atomic-flag", lock_flag_passes}, {"futex", futex_passes}, {"join", join_passes},
      {"create", create_passes}, {"thrd-join", thrd_join_passes}, {"detached", prepared_detached})
