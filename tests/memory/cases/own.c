/* SPDX-License-Identifier: MIT */
/* What is a thread's own: stacks, thread-local data, neighbours in a word, handlers' flags. */
#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "cases.h"

/* ---- stacks ------------------------------------------------------------------------------- */

static sem_t ended;

static void *fills_stack(void *argument)
{
    volatile char room[512];
    for (size_t i = 0; i < sizeof room; i += 64)
        room[i] = 1;
    must(sem_post(&ended));
    return argument;
}

/* Threads that nobody joins leave their stacks to the next. */
static void detached_stack(void)
{
    must(sem_init(&ended, 0, 0));
    for (int i = 0; i < 4; i++)
        must(pthread_detach(thread(fills_stack, NULL)));
    for (int i = 0; i < 4; i++)
        must(sem_wait(&ended));
    for (int i = 0; i < 3; i++)
        join(thread(fills_stack, NULL));
    for (int i = 0; i < 3; i++)
        must(sem_wait(&ended));
}

static void *fills_own(void *argument)
{
    *(int *)argument += 1; /* fill the local */
    return NULL;
}

/* A local of another thread, handed over by create and join. Fault 1: not joined in time.
 * [wrong local 1: stack at fill the local, look at the local] */
static void local_of_another(void)
{
    int local = 1;
    pthread_t a = thread(fills_own, &local);
    if (fault == 0)
        join(a);
    holds(local == 2); /* look at the local */
    if (fault == 1)
        join(a);
}

static _Thread_local int mine[4];
static int *of_somebody;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *uses_thread_local(void *argument)
{
    mine[1] += (int)(long)argument;
    holds(mine[1] == (int)(long)argument);
    errno = (int)(long)argument;
    sched_yield();
    holds(errno == (int)(long)argument);
    return NULL;
}

static void thread_local_data(void)
{
    for (int i = 0; i < 2; i++)
        run_threads(3, uses_thread_local);
}

static void *shows_thread_local(void *argument)
{
    mine[2] = 5;
    lock(&mutex);
    of_somebody = &mine[2];
    unlock(&mutex);
    if (fault == 1)
        mine[2] = 6; /* use after showing */
    must(sem_wait(&ended));
    return argument;
}

static void *looks_at_it(void *argument)
{
    int *it = NULL;
    while (it == NULL) {
        lock(&mutex);
        it = of_somebody;
        unlock(&mutex);
        if (it == NULL)
            sched_yield();
    }
    *it = 7; /* use another's */
    must(sem_post(&ended));
    return argument;
}

/* [wrong thread-local-shown 1: stack at use after showing, use another's] */
static void thread_local_shown(void)
{
    must(sem_init(&ended, 0, 0));
    run_both(shows_thread_local, looks_at_it);
}

static jmp_buf *target(void)
{
    static _Thread_local jmp_buf buffer;
    return &buffer;
}

__attribute__((noinline)) static void jumps(volatile int *deep, int depth)
{
    volatile int here[16];
    here[depth] = depth;
    *deep += here[depth];
    if (depth == 3)
        longjmp(*target(), 1);
    else
        jumps(deep, depth + 1);
}

static void *jumps_out(void *argument)
{
    volatile int deep = 0;
    for (volatile int i = 0; i < 3; i++) {
        if (setjmp(*target()) == 0)
            jumps(&deep, 0);
        void *block = malloc(8);
        must(block == NULL);
        memset(block, 1, 8);
        free(block);
    }
    holds(deep == 18);
    return argument;
}

static void jumped_frames(void)
{
    run_both(jumps_out, jumps_out);
}

/* ---- neighbours --------------------------------------------------------------------------- */

static struct {
    char a;
    char b;
    short c;
    int d;
} near;

static void *writes_near(void *argument)
{
    long me = (long)argument;
    for (int i = 0; i < 2; i++) {
        if (me == 0)
            near.a++; /* first byte */
        else if (me == 1 && fault == 0)
            near.b++;
        else if (me == 1)
            near.a++; /* first byte again */
        else if (me == 2)
            near.c++;
        else
            near.d++;
    }
    return NULL;
}

/* [wrong neighbours 1: near.a at first byte, first byte again] */
static void neighbours(void)
{
    run_threads(4, writes_near);
    holds(near.d == 2 && near.c == 2);
}

static struct {
    int before;
    int after;
} fields;

static void *writes_second(void *argument)
{
    fields.after++; /* second field */
    return argument;
}

static void *writes_first(void *argument)
{
    if (fault == 0)
        fields.before++;
    else
        fields.after++; /* second field again */
    return argument;
}

/* Two fields of one word: it is told which.
 * [wrong fields 1: fields.after at second field, second field again] */
static void fields_of_a_word(void)
{
    run_both(writes_first, writes_second);
}

static struct {
    unsigned low : 4;
    unsigned high : 4;
    unsigned : 0;
    unsigned other : 8;
} bits;

static void *writes_bits(void *argument)
{
    if (argument == NULL)
        bits.low = 1; /* low bits */
    else if (fault == 0)
        bits.other = 2;
    else
        bits.high = 2; /* high bits */
    return NULL;
}

/* Bits of one unit are one place in memory, those behind a unit of no width another. (Compilers
 * announce the write alone: that one task loses what another wrote cannot be brought about.)
 * [wrong bit-fields 1: bits at low bits, high bits] */
static void bit_fields(void)
{
    run_threads(2, writes_bits);
    holds(bits.low == 1 && (bits.other == 2 || bits.high == 2));
}

static long slots[4];

static void *sums_up(void *argument)
{
    long me = (long)argument;
    slots[fault == 1 ? 0 : me] += 10; /* sum up */
    return NULL;
}

/* [wrong slots 1: slots at sum up, sum up]
 * [breaks slots 1: exit-status] */
static void slots_joined(void)
{
    run_threads(4, sums_up);
    holds(slots[0] == (fault == 1 ? 40 : 10));
}

enum { LARGE = 20000 };
static int large[LARGE];
static atomic_int half_done;

static void *fills_half(void *argument)
{
    long me = (long)argument;
    for (int i = 0; i < LARGE / 2; i++)
        large[me * LARGE / 2 + i] = i; /* fill the array */
    atomic_fetch_add_explicit(&half_done, 1,
                              fault == 1 ? memory_order_relaxed : memory_order_release);
    return NULL;
}

/* [wrong large 1: large at fill the array, read the array] */
static void large_arrays(void)
{
    pthread_t a = thread(fills_half, NULL);
    pthread_t b = thread(fills_half, (void *)1L);
    while (atomic_load_explicit(&half_done, memory_order_acquire) != 2)
        sched_yield();
    for (int i = 0; i < LARGE; i += 100)
        holds(large[i] == i % (LARGE / 2)); /* read the array */
    join(a);
    join(b);
}

/* ---- handlers ----------------------------------------------------------------------------- */

static volatile sig_atomic_t stop;

static void asks_to_stop(int number)
{
    (void)number;
    stop = 1;
}

static void *stops_itself(void *argument)
{
    must(raise(SIGUSR1));
    while (!stop)
        ;
    return argument;
}

/* A handler's flag of the thread that it interrupts. */
static void handler_flag(void)
{
    must(signal(SIGUSR1, asks_to_stop) == SIG_ERR);
    join(thread(stops_itself, NULL));
}

CASES({"detached", detached_stack}, {"local", local_of_another},
      {"thread-local", thread_local_data}, {"thread-local-shown", thread_local_shown},
      {"jumped", jumped_frames}, {"neighbours", neighbours}, {"fields", fields_of_a_word},
      {"bit-fields", bit_fields}, {"slots", slots_joined}, {"large", large_arrays},
      {"handler-flag", handler_flag})
