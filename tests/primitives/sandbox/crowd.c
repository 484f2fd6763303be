/* SPDX-License-Identifier: MIT */
/* Every call of what has a table under a mutex of its own, by all threads at once. */
/* fault 1: units are given back that nobody had */
/* finds 1: exit-status */
#include <errno.h>
#include <ilv/barrier.h>
#include <ilv/bounded_semaphore.h>
#include <ilv/rwlock.h>
#include <ilv/semaphore.h>
#include <ilv/thread.h>

#include "threads.h"

enum { THREADS = 3, BOUND = 1 };

static struct ilv_bounded_semaphore bounded;
static struct ilv_barrier barrier;
static struct ilv_rwlock rwlock;
static struct ilv_semaphore one;
static int inside;
static int counted;
static int written;

static void try_to_be_inside(void)
{
    int error = ilv_bounded_semaphore_try_acquire(&bounded);
    holds(error == 0 || error == EAGAIN);
    if (error == 0) {
        holds(++inside == 1);
        inside--;
    }
    if (error == 0 || fault == 1)
        must(ilv_bounded_semaphore_release(&bounded));
}

static void be_inside(void)
{
    must(ilv_bounded_semaphore_acquire(&bounded));
    holds(++inside == 1);
    inside--;
    must(ilv_bounded_semaphore_release(&bounded));
}

static void count_units(void)
{
    holds(ilv_bounded_semaphore_units(&bounded) <= BOUND);
}

/* A semaphore of one unit is a lock; and a unit that nobody else can take is there to be taken. */
static void count_under_semaphore(void)
{
    struct ilv_semaphore own;
    must(ilv_semaphore_init(&own, 1));
    must(ilv_semaphore_try_acquire(&own));
    must(ilv_semaphore_acquire(&one));
    counted++;
    must(ilv_semaphore_release(&one));
}

/* Alone it passes; while others break and mend it, it may be told so. */
static void pass(void)
{
    int error = ilv_barrier_wait(&barrier, NULL);
    holds(error == 0 || error == ECANCELED);
}

static void break_and_mend(void)
{
    must(ilv_barrier_abort(&barrier));
    must(ilv_barrier_reset(&barrier));
    holds(ilv_barrier_waiting(&barrier) == 0);
}

static void read_or_write(void)
{
    if (ilv_rwlock_try_read_lock(&rwlock) == 0) {
        holds(written >= 0);
        must(ilv_rwlock_unlock(&rwlock));
    }
    must(ilv_rwlock_write_lock(&rwlock));
    written++;
    must(ilv_rwlock_unlock(&rwlock));
}

static int work(void *argument)
{
    *(int *)argument = 1;
    return 0;
}

static void run_and_join(void)
{
    struct ilv_thread *thread = NULL;
    struct ilv_thread *seen[2 * THREADS + 2];
    int worked = 0;
    must(ilv_thread_run(&thread, NULL, work, &worked));
    holds(ilv_thread_enumerate(seen, 2 * THREADS + 2) <= 2 * THREADS + 2);
    holds(ilv_thread_ident(thread) != 0);
    must(ilv_thread_join(thread));
    holds(worked == 1 && !ilv_thread_alive(thread));
    must(ilv_thread_free(thread));
}

static void (*const calls[])(void) = {
    count_under_semaphore, try_to_be_inside, be_inside,   count_units, pass,
    break_and_mend,        read_or_write,    run_and_join};
enum { CALLS = sizeof calls / sizeof *calls };

static void *body(void *argument)
{
    for (long i = 0; i < CALLS; i++)
        calls[(i + (long)argument * 2) % CALLS]();
    return NULL;
}

int main(void)
{
    must(ilv_bounded_semaphore_init(&bounded, BOUND));
    must(ilv_barrier_init(&barrier, 1));
    must(ilv_semaphore_init(&one, 1));
    run_threads(THREADS, body);
    holds(written == THREADS && counted == THREADS);
}
