/* SPDX-License-Identifier: MIT */
/*
 * thread.c: pthreads with a handle, and the list of those that were started and not joined.
 *
 * 1. The registry's mutex guards the list, `started` and the counters. start holds it over
 *    pthread_create, so that who sees a handle's `started` sees a thread that exists.
 * 2. A thread sets `ended` when its function is over, and does not touch its handle any more. Who
 *    joins waits for that; then one of them calls pthread_join, under `joining`, and takes it out
 *    of the list; only after that the handle may be freed.
 * 3. At exit all are joined that are no daemons. A handle that is in the list then is not freed any
 *    more by its owner: exit may be looking at it.
 * 4. fork holds the registry's mutex; the child empties the list but for the thread that forked.
 *    The mutex is a plain pthread mutex: a robust one would belong to a thread that the child has
 *    not.
 */
#include <errno.h>
#include <ilv/event.h>
#include <ilv/thread.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"
#include "mutex.h"

struct ilv_thread {
    ilv_thread_function *function;
    void *argument;
    size_t stack_size;
    char name[64];
    bool daemon;
    bool started;
    bool joined; /* guarded by joining */
    int code;    /* final when ended is set, as is handle */
    pid_t maker; /* the process that it runs in; a forked child has only its shadow */
    pid_t ident; /* final when begun is set */
    pthread_t handle;
    struct ilv_event begun;
    struct ilv_event ended;
    struct ilv_mutex joining;
    struct ilv_thread *previous;
    struct ilv_thread *next;
};

static struct ilv_thread main_thread = {.name = "MainThread", .started = true};
static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t prepared = PTHREAD_ONCE_INIT;
static int prepare_error;
static struct ilv_thread *first;
static struct ilv_thread *last;
static bool main_alive = true;
static unsigned created;
static bool exiting;
static __thread struct ilv_thread *current;

static void link_last(struct ilv_thread *thread)
{
    thread->previous = last;
    thread->next = NULL;
    *(last != NULL ? &last->next : &first) = thread;
    last = thread;
}

static void unlink_it(struct ilv_thread *thread)
{
    *(thread->previous != NULL ? &thread->previous->next : &first) = thread->next;
    *(thread->next != NULL ? &thread->next->previous : &last) = thread->previous;
}

/* fork and exit. */

static void before_fork(void)
{
    pthread_mutex_lock(&registry);
}

static void in_parent(void)
{
    pthread_mutex_unlock(&registry);
}

static void in_child(void)
{
    for (struct ilv_thread *thread = first, *next; thread != NULL; thread = next) {
        next = thread->next;
        if (thread == current)
            continue;
        unlink_it(thread);
        ilv_event_set(&thread->begun);
        ilv_event_set(&thread->ended);
    }
    main_alive = current == NULL;
    pthread_mutex_unlock(&registry);
}

/* One that exit has to wait for, or NULL. */
static struct ilv_thread *one_that_keeps_us(void)
{
    pthread_mutex_lock(&registry);
    exiting = true;
    struct ilv_thread *thread = first;
    while (thread != NULL && (thread->daemon || thread == current))
        thread = thread->next;
    pthread_mutex_unlock(&registry);
    return thread;
}

/* The thread has ended: what is left of it is taken away, once. */
static void reap(struct ilv_thread *thread)
{
    if (thread->maker != getpid())
        return;
    ilv__mutex_take(&thread->joining);
    if (!thread->joined) {
        pthread_join(thread->handle, NULL);
        pthread_mutex_lock(&registry);
        unlink_it(thread);
        pthread_mutex_unlock(&registry);
    }
    thread->joined = true;
    ilv__mutex_leave(&thread->joining);
}

void ilv__threads_await(void)
{
    struct ilv_thread *thread;
    while ((thread = one_that_keeps_us()) != NULL) {
        ilv_event_wait(&thread->ended);
        reap(thread);
    }
}

static void prepare(void)
{
    prepare_error = pthread_atfork(before_fork, in_parent, in_child);
    if (prepare_error == 0 && atexit(ilv__threads_await) != 0)
        prepare_error = ENOMEM;
}

/* A thread's life. */

static void finish(void *argument)
{
    struct ilv_thread *thread = argument;
    ilv_event_set(&thread->ended);
}

static void *entry(void *argument)
{
    struct ilv_thread *thread = argument;
    char shown[16];
    current = thread;
    thread->handle = pthread_self();
    thread->maker = getpid();
    thread->ident = ilv__tid();
    ilv_event_set(&thread->begun);
    snprintf(shown, sizeof shown, "%.15s", thread->name);
    pthread_setname_np(pthread_self(), shown);
    pthread_cleanup_push(finish, thread);
    thread->code = thread->function(thread->argument);
    pthread_cleanup_pop(1);
    return NULL;
}

static int set_name(struct ilv_thread *thread, const char *name)
{
    if (name != NULL && strlen(name) >= sizeof thread->name)
        return ENAMETOOLONG;
    pthread_mutex_lock(&registry);
    unsigned number = ++created;
    pthread_mutex_unlock(&registry);
    if (name != NULL)
        snprintf(thread->name, sizeof thread->name, "%s", name);
    else
        snprintf(thread->name, sizeof thread->name, "Thread-%u", number);
    return 0;
}

static bool stack_size_valid(size_t size)
{
    return size == 0 || size >= (size_t)sysconf(_SC_THREAD_STACK_MIN);
}

int ilv_thread_create(struct ilv_thread **thread, const struct ilv_thread_options *options,
                      ilv_thread_function *function, void *argument)
{
    static const struct ilv_thread_options usual;
    const struct ilv_thread_options *how = options != NULL ? options : &usual;
    if (thread == NULL || function == NULL || !stack_size_valid(how->stack_size))
        return EINVAL;
    pthread_once(&prepared, prepare);
    struct ilv_thread *made = prepare_error == 0 ? calloc(1, sizeof *made) : NULL;
    if (made == NULL)
        return ENOMEM;
    int error = set_name(made, how->name);
    if (error != 0) {
        free(made);
        return error;
    }
    made->function = function;
    made->argument = argument;
    made->daemon = how->daemon;
    made->stack_size = how->stack_size;
    *thread = made;
    return 0;
}

static int make_thread(struct ilv_thread *thread)
{
    pthread_attr_t attributes;
    pthread_t handle;
    int error = pthread_attr_init(&attributes);
    if (error != 0)
        return error;
    if (thread->stack_size != 0)
        error = pthread_attr_setstacksize(&attributes, thread->stack_size);
    if (error == 0)
        error = pthread_create(&handle, &attributes, entry, thread);
    pthread_attr_destroy(&attributes);
    return error;
}

int ilv_thread_start(struct ilv_thread *thread)
{
    if (thread == NULL)
        return EINVAL;
    pthread_mutex_lock(&registry);
    int error = thread->started ? EALREADY : 0;
    if (error == 0) {
        link_last(thread);
        error = make_thread(thread);
        thread->started = error == 0;
        if (error != 0)
            unlink_it(thread);
    }
    pthread_mutex_unlock(&registry);
    return error;
}

int ilv_thread_run(struct ilv_thread **thread, const struct ilv_thread_options *options,
                   ilv_thread_function *function, void *argument)
{
    int error = ilv_thread_create(thread, options, function, argument);
    if (error != 0)
        return error;
    error = ilv_thread_start(*thread);
    if (error != 0) {
        free(*thread);
        *thread = NULL;
    }
    return error;
}

/* Joining. */

static bool was_started(const struct ilv_thread *thread)
{
    pthread_mutex_lock(&registry);
    bool started = thread->started;
    pthread_mutex_unlock(&registry);
    return started;
}

/* EINVAL, EDEADLK, ESRCH; 0 if it can be joined. */
static int refused(const struct ilv_thread *thread, const struct timespec *deadline)
{
    if (thread == NULL || !ilv__deadline_valid(deadline))
        return EINVAL;
    if (thread == &main_thread || thread == current)
        return EDEADLK;
    return was_started(thread) ? 0 : ESRCH;
}

int ilv_thread_join_until(struct ilv_thread *thread, const struct timespec *deadline)
{
    int error = refused(thread, deadline);
    if (error == 0)
        error = ilv_event_wait_until(&thread->ended, deadline);
    if (error == 0)
        reap(thread);
    return error;
}

int ilv_thread_join(struct ilv_thread *thread)
{
    return ilv_thread_join_until(thread, NULL);
}

int ilv_thread_try_join(struct ilv_thread *thread)
{
    int error = refused(thread, NULL);
    if (error != 0)
        return error;
    if (!ilv_event_is_set(&thread->ended))
        return EBUSY;
    reap(thread);
    return 0;
}

int ilv_thread_free(struct ilv_thread *thread)
{
    if (thread == NULL)
        return 0;
    int error = refused(thread, NULL);
    if (error == EDEADLK)
        return thread == &main_thread ? EINVAL : EBUSY;
    if (error == 0)
        error = ilv_thread_try_join(thread);
    if (error == EBUSY)
        return EBUSY;
    pthread_mutex_lock(&registry);
    bool kept = exiting;
    pthread_mutex_unlock(&registry);
    if (!kept)
        free(thread);
    return 0;
}

/* Questions. */

bool ilv_thread_alive(const struct ilv_thread *thread)
{
    if (thread == &main_thread)
        return main_alive;
    return thread != NULL && was_started(thread) && !ilv_event_is_set(&thread->ended);
}

int ilv_thread_exit_code(const struct ilv_thread *thread, int *code)
{
    if (thread == NULL || code == NULL)
        return EINVAL;
    if (!was_started(thread))
        return ESRCH;
    if (!ilv_event_is_set(&thread->ended))
        return EBUSY;
    *code = thread->code;
    return 0;
}

pid_t ilv_thread_ident(const struct ilv_thread *thread)
{
    if (thread == &main_thread)
        return getpid();
    if (thread == NULL || !was_started(thread))
        return 0;
    struct ilv_event *begun = (struct ilv_event *)(uintptr_t)&thread->begun;
    ilv_event_wait(begun);
    return thread->ident;
}

const char *ilv_thread_name(const struct ilv_thread *thread)
{
    return thread != NULL ? thread->name : NULL;
}

bool ilv_thread_daemon(const struct ilv_thread *thread)
{
    return thread != NULL && thread->daemon;
}

struct ilv_thread *ilv_thread_current(void)
{
    if (current != NULL)
        return current;
    return gettid() == getpid() ? &main_thread : NULL;
}

size_t ilv_thread_enumerate(struct ilv_thread **threads, size_t room)
{
    size_t count = 0;
    pthread_mutex_lock(&registry);
    if (main_alive && count++ < room && threads != NULL)
        threads[0] = &main_thread;
    for (struct ilv_thread *thread = first; thread != NULL; thread = thread->next)
        if (!ilv_event_is_set(&thread->ended) && count++ < room && threads != NULL)
            threads[count - 1] = thread;
    pthread_mutex_unlock(&registry);
    return count;
}

size_t ilv_thread_count(void)
{
    return ilv_thread_enumerate(NULL, 0);
}
