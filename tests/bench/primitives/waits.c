/* SPDX-License-Identifier: MIT */
/*
 * waits: what the primitives that lock and wait cost, beside what they stand on: glibc's robust
 * mutex and bare futexes. Nanoseconds an operation, and how often the time of the first of its
 * group that is: medians of 11 rounds in which all take turns. On one processor it is the time that
 * the processor works for us, on two the time that passes: there a noisy machine is seen.
 */
#include <ilv/barrier.h>
#include <ilv/condition.h>
#include <ilv/event.h>
#include <ilv/mutex.h>
#include <ilv/rlock.h>
#include <ilv/rwlock.h>
#include <ilv/semaphore.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 11
#define LOCKS 100000
#define TURNS 3000

struct shared {
    struct ilv_mutex mutex;
    struct ilv_rlock rlock;
    struct ilv_rwlock rwlock;
    struct ilv_condition condition;
    struct ilv_barrier barrier;
    struct ilv_semaphore semaphore[2];
    pthread_mutex_t robust;
    uint32_t turn;
    uint32_t arrived;
    uint32_t round;
};

static struct shared *shared; /* what is measured now lies here */
static bool on_two;

static double read_clock(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double processor_time(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return ((double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec) * 1e9 +
           ((double)usage.ru_utime.tv_usec + (double)usage.ru_stime.tv_usec) * 1e3;
}

/* On one processor, the time that it works for us; on two, the time that passes. */
static double now(void)
{
    if (on_two)
        return read_clock(CLOCK_MONOTONIC);
    return read_clock(CLOCK_PROCESS_CPUTIME_ID) + processor_time(RUSAGE_CHILDREN);
}

static void pin(int processor)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((unsigned)(on_two ? processor : 0), &set);
    sched_setaffinity(0, sizeof set, &set);
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static struct shared *make(bool between_processes)
{
    pthread_mutexattr_t attributes;
    struct shared *made = between_processes ? mmap(NULL, sizeof *made, PROT_READ | PROT_WRITE,
                                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0)
                                            : calloc(1, sizeof *made);
    if (made == NULL || made == MAP_FAILED)
        fail("memory");
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setpshared(&attributes, between_processes);
    pthread_mutex_init(&made->robust, &attributes);
    ilv_barrier_init(&made->barrier, 2);
    return made;
}

/* Nobody else is there. */

#define ALONE(name, lock, unlock)         \
    static double name(void)              \
    {                                     \
        double start = now();             \
        for (int i = 0; i < LOCKS; i++) { \
            lock;                         \
            unlock;                       \
        }                                 \
        return (now() - start) / LOCKS;   \
    }

ALONE(glibc_robust, pthread_mutex_lock(&shared->robust), pthread_mutex_unlock(&shared->robust))
ALONE(ilv_mutexes, ilv_mutex_lock(&shared->mutex), ilv_mutex_unlock(&shared->mutex))
ALONE(ilv_rlocks, ilv_rlock_lock(&shared->rlock), ilv_rlock_unlock(&shared->rlock))
ALONE(ilv_readers, ilv_rwlock_read_lock(&shared->rwlock), ilv_rwlock_unlock(&shared->rwlock))
ALONE(ilv_writers, ilv_rwlock_write_lock(&shared->rwlock), ilv_rwlock_unlock(&shared->rwlock))
ALONE(ilv_semaphores, ilv_semaphore_release(&shared->semaphore[0]),
      ilv_semaphore_acquire(&shared->semaphore[0]))

/* Two who wait for each other: each does its part of TURNS turns. */

static void futex(uint32_t *word, int operation, uint32_t value)
{
    syscall(SYS_futex, word, operation, value, NULL, NULL, 0);
}

static void bare_turns(uint32_t me)
{
    for (int i = 0; i < TURNS; i++) {
        while (__atomic_load_n(&shared->turn, __ATOMIC_ACQUIRE) != me)
            futex(&shared->turn, FUTEX_WAIT, !me);
        __atomic_store_n(&shared->turn, !me, __ATOMIC_RELEASE);
        futex(&shared->turn, FUTEX_WAKE, 1);
    }
}

static void condition_turns(uint32_t me)
{
    for (int i = 0; i < TURNS; i++) {
        ilv_mutex_lock(&shared->mutex);
        while (shared->turn != me)
            ilv_condition_wait(&shared->condition, &shared->mutex);
        shared->turn = !me;
        ilv_mutex_unlock(&shared->mutex);
        ilv_condition_notify_one(&shared->condition);
    }
}

static void semaphore_turns(uint32_t me)
{
    for (int i = 0; i < TURNS; i++) {
        if (me != 0 || i != 0)
            ilv_semaphore_acquire(&shared->semaphore[me]);
        ilv_semaphore_release(&shared->semaphore[!me]);
    }
    if (me == 0)
        ilv_semaphore_acquire(&shared->semaphore[0]);
}

static void bare_rounds(uint32_t me)
{
    (void)me;
    for (int i = 0; i < TURNS; i++) {
        uint32_t round = __atomic_load_n(&shared->round, __ATOMIC_ACQUIRE);
        if (__atomic_add_fetch(&shared->arrived, 1, __ATOMIC_ACQ_REL) == 2) {
            __atomic_store_n(&shared->arrived, 0, __ATOMIC_RELAXED);
            __atomic_store_n(&shared->round, round + 1, __ATOMIC_RELEASE);
            futex(&shared->round, FUTEX_WAKE, INT32_MAX);
            continue;
        }
        while (__atomic_load_n(&shared->round, __ATOMIC_ACQUIRE) == round)
            futex(&shared->round, FUTEX_WAIT, round);
    }
}

static void barrier_rounds(uint32_t me)
{
    (void)me;
    for (int i = 0; i < TURNS; i++)
        ilv_barrier_wait(&shared->barrier, NULL);
}

static void (*part)(uint32_t me);

static void *second(void *argument)
{
    pin(1);
    part(1);
    return argument;
}

static double with_process(void)
{
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (child == 0) {
        second(NULL);
        _exit(0);
    }
    double start = now();
    part(0);
    waitpid(child, NULL, 0);
    return (now() - start) / TURNS;
}

static double with_thread(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, second, NULL) != 0)
        fail("thread");
    double start = now();
    part(0);
    pthread_join(thread, NULL);
    return (now() - start) / TURNS;
}

/* The rounds. */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

struct contender {
    const char *name;
    double (*alone)(void);
    void (*part)(uint32_t me);
};

/* Prints each contender, and how often the first one's time it takes. */
static void compete(const char *where, const struct contender *contenders, int count,
                    double (*together)(void))
{
    double times[8][ROUNDS];
    pin(0);
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < count; i++) {
            part = contenders[i].part;
            times[i][round] = together != NULL ? together() : contenders[i].alone();
        }
    double first = median(times[0]);
    for (int i = 0; i < count; i++) {
        double time = median(times[i]);
        printf("%-34s %-22s %9.1f ns %6.2f\n", where, contenders[i].name, time, time / first);
    }
}

static void lock_alone(const char *where)
{
    static const struct contender contenders[] = {{.name = "glibc robust", .alone = glibc_robust},
                                                  {.name = "mutex", .alone = ilv_mutexes},
                                                  {.name = "rlock", .alone = ilv_rlocks},
                                                  {.name = "rwlock, read", .alone = ilv_readers},
                                                  {.name = "rwlock, write", .alone = ilv_writers},
                                                  {.name = "semaphore", .alone = ilv_semaphores}};
    compete(where, contenders, 6, NULL);
}

static void wait_together(const char *where, double (*together)(void))
{
    static const struct contender turns[] = {{.name = "bare futex", .part = bare_turns},
                                             {.name = "condition", .part = condition_turns},
                                             {.name = "two semaphores", .part = semaphore_turns}};
    static const struct contender rounds[] = {{.name = "bare futex", .part = bare_rounds},
                                              {.name = "barrier", .part = barrier_rounds}};
    char line[64];
    snprintf(line, sizeof line, "turns, %s", where);
    compete(line, turns, 3, together);
    snprintf(line, sizeof line, "barrier, %s", where);
    compete(line, rounds, 2, together);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct shared *within = make(false);
    struct shared *between = make(true);
    shared = within;
    lock_alone("lock + unlock, private");
    shared = between;
    lock_alone("lock + unlock, shared");
    for (int two = 0; two < 2; two++) {
        on_two = two;
        shared = within;
        wait_together(two ? "threads, 2 processors" : "threads, 1 processor", with_thread);
        shared = between;
        wait_together(two ? "processes, 2 processors" : "processes, 1 processor", with_process);
    }
    return 0;
}
