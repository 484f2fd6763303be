/* SPDX-License-Identifier: MIT */
/* Messages (message.h) passed by locks, descriptors, signals, and by threads that begin and end. */
#include <poll.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <threads.h>
#include <unistd.h>

#include "message.h"

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
      {"own-handler", own_handler_is_ordered}, {"join", join_passes}, {"create", create_passes},
      {"thrd-join", thrd_join_passes}, {"detached", prepared_detached})
