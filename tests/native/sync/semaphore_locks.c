/* SPDX-License-Identifier: MIT */
/* A pool of threads whose locks are semaphores, as interpreters make them: a condition is a queue
 * of locks, one for each that waits; a thread is joined by a lock that it lets go at its end. The
 * locks lie right beside the stacks, and in TLS: another thread's end leaves them as they are. */
#include <semaphore.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "result.h"

enum { WORKERS = 3, TASKS = 4, LOCKS = 64, SIZE = 1 << 16 };

struct lock {
    sem_t sem;
    struct lock *next; /* in the queue of a condition; or free */
};

struct condition {
    struct lock *mutex;
    struct lock *first;
};

struct worker {
    struct lock *started, *alive; /* held until it has started; as long as it lives */
    struct lock *own;             /* in the TLS of the worker */
    int done;
};

static struct lock *unused; /* guarded by `allocator` */
static pthread_mutex_t allocator = PTHREAD_MUTEX_INITIALIZER;
static struct condition changed;
static int queue[TASKS + WORKERS]; /* guarded by changed.mutex */
static int put, got;
static _Thread_local struct lock own;

/* ms 0: do not wait; -1: without a limit. */
static int acquire(struct lock *lock, long ms)
{
    struct timespec until = from_now(CLOCK_MONOTONIC, ms);
    int failed;
    do {
        failed = ms == 0    ? sem_trywait(&lock->sem)
                 : ms == -1 ? sem_wait(&lock->sem)
                            : sem_clockwait(&lock->sem, CLOCK_MONOTONIC, &until);
    } while (failed && errno == EINTR);
    return failed ? errno : 0;
}

static void release(struct lock *lock)
{
    sem_post(&lock->sem);
}

static struct lock *lock_new(bool held)
{
    pthread_mutex_lock(&allocator);
    struct lock *lock = unused;
    unused = lock->next;
    pthread_mutex_unlock(&allocator);
    sem_init(&lock->sem, 0, 1);
    lock->next = NULL;
    if (held)
        acquire(lock, 0);
    return lock;
}

static void lock_free(struct lock *lock)
{
    sem_destroy(&lock->sem);
    pthread_mutex_lock(&allocator);
    lock->next = unused;
    unused = lock;
    pthread_mutex_unlock(&allocator);
}

/* With the condition's mutex, as all that follows. */
static int wait_for(struct condition *c, long ms)
{
    struct lock *waiter = lock_new(true), **at = &c->first;
    while (*at)
        at = &(*at)->next;
    *at = waiter;
    release(c->mutex);
    int error = acquire(waiter, ms);
    acquire(c->mutex, -1);
    for (at = &c->first; *at; at = &(*at)->next) {
        if (*at == waiter) {
            *at = waiter->next;
            break;
        }
    }
    lock_free(waiter);
    return error;
}

static void notify(struct condition *c)
{
    struct lock *waiter = c->first;
    if (waiter) {
        c->first = waiter->next;
        release(waiter);
    }
}

static int take(void)
{
    acquire(changed.mutex, -1);
    while (put == got)
        wait_for(&changed, 50);
    int task = queue[got++];
    release(changed.mutex);
    return task;
}

static void give(int task)
{
    acquire(changed.mutex, -1);
    queue[put++] = task;
    notify(&changed);
    release(changed.mutex);
}

static void *work(void *argument)
{
    struct worker *self = argument;
    sem_init(&own.sem, 0, 0);
    self->own = &own;
    release(self->started);
    for (int task = take(); task; task = take())
        self->done += task;
    acquire(&own, -1);
    release(self->alive);
    return NULL;
}

static void start(struct worker *worker)
{
    pthread_t thread;
    worker->started = lock_new(true);
    worker->alive = lock_new(true);
    pthread_create(&thread, NULL, work, worker);
    pthread_detach(thread);
    acquire(worker->started, -1);
}

/* The others still wait for their own locks when this one ends. */
static void join(struct worker *worker)
{
    release(worker->own);
    while (acquire(worker->alive, 1000) == ETIMEDOUT)
        continue;
}

int main(void)
{
    static struct worker worker[WORKERS];
    struct lock *locks =
        mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int done = 0;
    for (int i = 0; i < LOCKS; i++)
        locks[i].next = i + 1 < LOCKS ? &locks[i + 1] : NULL;
    unused = locks;
    changed.mutex = lock_new(false);
    for (int i = 0; i < WORKERS; i++)
        start(&worker[i]);
    SHOW(acquire(worker[0].alive, 0));
    for (int i = 0; i < TASKS; i++)
        give(1 + i);
    for (int i = 0; i < WORKERS; i++)
        give(0);
    for (int i = 0; i < WORKERS; i++) {
        join(&worker[i]);
        done += worker[i].done;
    }
    SHOW_VALUE(done);
    SHOW(acquire(worker[0].alive, 0));
    return 0;
}
