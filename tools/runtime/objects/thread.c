/* SPDX-License-Identifier: MIT */
/*
 * thread.c: the model of threads (POSIX.1-2017 pthread_create, pthread_join, pthread_detach).
 *
 *   made      its first operation, TASK_START, is published by its creator
 *   live      it runs its own code
 *   ended     its last step, TASK_EXIT, was made; its thread may be joined
 *   reaped    the real thread was joined and its stack is free again
 *
 * Real threads are always made joinable, whatever the program asked for: a detached one is
 * joined by the runtime after it has ended (reap_detached), because nobody can free a stack on
 * which he stands.
 *
 * Where a thread ends: returning from its start routine, pthread_exit and cancellation all lead
 * to the destructors of thread-specific data, which run in up to PTHREAD_DESTRUCTOR_ITERATIONS
 * rounds. The runtime has a key of its own whose destructor sets it again until the last round;
 * there the task makes its last step.
 */
#include "objects/thread.h"

#include <errno.h>
#include <limits.h>

#include "backend.h"
#include "loader.h"
#include "objects/memory.h"
#include "objects/mutex.h"

#define ABOVE_DESCRIPTOR 4096 /* a stack ends at most so far above its thread's descriptor */

static pthread_key_t end_key;
static bool end_key_made;

static void end_of_thread(void *task);

static void make_end_key(void)
{
    if (end_key_made)
        return;
    ILV_ASSERT(pthread_key_create(&end_key, end_of_thread) == 0);
    end_key_made = true;
}

/* A detached task has ended: the next one that makes a thread joins its thread. */
static void reap_later(struct task *t)
{
    t->next_to_reap = ilv__world.to_reap;
    ilv__world.to_reap = t;
}

static void reap_detached(void)
{
    struct world *w = &ilv__world;
    while (w->to_reap != NULL) {
        struct task *t = w->to_reap;
        w->to_reap = t->next_to_reap;
        ilv__backend->reap(t);
    }
}

static bool wants_detached(const pthread_attr_t *attributes)
{
    int state = PTHREAD_CREATE_JOINABLE;
    if (attributes != NULL)
        pthread_attr_getdetachstate(attributes, &state);
    return state == PTHREAD_CREATE_DETACHED;
}

/* The thread itself, joinable. The copy of the attributes shares what the original owns. */
static int make_thread(struct task *t, const pthread_attr_t *attributes, bool detached)
{
    pthread_attr_t copy;
    if (detached) {
        copy = *attributes;
        pthread_attr_setdetachstate(&copy, PTHREAD_CREATE_JOINABLE);
        attributes = &copy;
    }
    struct ilv_thread_want want;
    ilv__thread_want(attributes, &want);
    t->stack_size = want.stack;
    return ilv__backend->create(t, attributes);
}

static void publish_start(struct task *t)
{
    t->info->op = ilv__op(ILV_EV_TASK_START, t->object);
    t->ready = true;
    t->in_call = true;
    ilv__task_live(t);
}

int ilv__thread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                       void *argument)
{
    make_end_key();
    if (!ilv__world.active)
        ilv__thread_before_start();
    struct ilv_op op = ilv__op(ILV_EV_TASK_CREATE, 0);
    ilv__loader_point(&op);
    reap_detached();
    struct task *t = ilv__task_make(ilv__self);
    t->start = start;
    t->argument = argument;
    bool detached = wants_detached(attributes);
    t->info->detached = detached;
    ilv__signal_inherit(t, ilv__self);
    int error = make_thread(t, attributes, detached);
    if (error == 0) {
        if (ilv__watch.race != NULL)
            ilv__memory_task_made(t);
        *thread = t->handle;
        publish_start(t);
    }
    ilv__self->info->op.object = t->object;
    ilv__done(error, 0);
    return error;
}

void *ilv__task_main(void *task)
{
    struct task *t = task;
    pthread_setspecific(end_key, t);
    ilv__done(0, 0);
    ilv__exit();
    return t->start(t->argument);
}

/* The last thread of the process ends: the process does, with status 0. */
static void end_of_last_thread(void)
{
    ilv__done(0, 0);
    ilv__world.main_ended = false;
    ilv__exit();
    ilv__real()->exit(0);
}

/* Of the memory with stack and TLS, which ends with the thread's descriptor, glibc's handle of
 * it. Neighbours may begin at either end: what may be theirs is left out. */
static void stack_gone(const struct task *t)
{
    uintptr_t descriptor = (uintptr_t)t->handle;
    if (t->start != NULL && t->stack_size > ABOVE_DESCRIPTOR)
        ilv__objects_gone((void *)(descriptor + ABOVE_DESCRIPTOR - t->stack_size),
                          t->stack_size - ABOVE_DESCRIPTOR);
}

static void end_of_thread(void *task)
{
    struct task *t = task;
    if (++t->key_rounds < PTHREAD_DESTRUCTOR_ITERATIONS) {
        pthread_setspecific(end_key, t);
        return;
    }
    ilv__enter();
    struct ilv_op op = ilv__op(ILV_EV_TASK_EXIT, t->object);
    ilv__point(&op, NULL);
    ilv__mutex_owner_ended(t);
    if (ilv__world.live == 1)
        end_of_last_thread();
    ilv__done(0, 0);
    stack_gone(t);
    ilv__task_end(t);
    if (t->info->detached)
        reap_later(t);
    ilv__leave();
}

static bool join_possible(const struct task *t)
{
    const struct task *other = &ilv__world.task[t->scratch[0]];
    return other->info->state == ILV_TASK_ENDED;
}

static bool waits_for(const struct task *t, const struct task *other)
{
    return t->info->op.kind == ILV_EV_TASK_JOIN && t->info->op.object == other->object &&
           t->info->state == ILV_TASK_LIVE;
}

static int join_error(const struct task *other)
{
    if (other == NULL)
        return ESRCH;
    if (other->info->detached)
        return EINVAL;
    if (other->joining)
        return EINVAL;
    if (other == ilv__self || waits_for(other, ilv__self))
        return EDEADLK;
    return 0;
}

static void finish_join(struct task *other, void **result)
{
    void *value = ilv__backend->reap(other);
    other->info->joined = 1;
    if (result != NULL)
        *result = value;
}

int ilv__thread_join(pthread_t thread, void **result, clockid_t clock,
                     const struct timespec *deadline)
{
    struct task *other = ilv__task_of(thread);
    int error = join_error(other);
    struct ilv_op op = ilv__op(ILV_EV_TASK_JOIN, other != NULL ? other->object : 0);
    if (error == 0 && deadline != NULL) {
        op.flags |= ILV_TIMED;
        error = ilv__deadline(clock, deadline, &op.deadline);
    }
    if (error != 0) {
        op.deadline = 0;
        ilv__point(&op, NULL);
        ilv__done(error, 0);
        return error;
    }
    ilv__self->scratch[0] = other->index;
    other->joining = true;
    enum outcome outcome = ilv__point(&op, join_possible);
    other->joining = false;
    error = outcome == ILV_TIMEOUT ? ETIMEDOUT : outcome == ILV_INTERRUPT ? EINTR : 0;
    if (error == 0)
        finish_join(other, result);
    ilv__done(error, 0);
    return error;
}

int ilv__thread_tryjoin(pthread_t thread, void **result)
{
    struct task *other = ilv__task_of(thread);
    struct ilv_op op = ilv__op(ILV_EV_TASK_TRYJOIN, other != NULL ? other->object : 0);
    ilv__point(&op, NULL);
    int error = 0;
    if (other != NULL && other->info->state != ILV_TASK_ENDED)
        error = EBUSY;
    else
        error = join_error(other);
    if (error == 0)
        finish_join(other, result);
    ilv__done(error, 0);
    return error;
}

int ilv__thread_detach(pthread_t thread)
{
    struct task *other = ilv__task_of(thread);
    struct ilv_op op = ilv__op(ILV_EV_TASK_DETACH, other != NULL ? other->object : 0);
    ilv__point(&op, NULL);
    int error = other == NULL ? ESRCH : other->info->detached ? EINVAL : 0;
    if (error == 0) {
        other->info->detached = 1;
        if (other->info->state == ILV_TASK_ENDED)
            reap_later(other);
    }
    ilv__done(error, 0);
    return error;
}

void ilv__thread_exit_process(int status, bool by_exit)
{
    struct world *w = &ilv__world;
    if (!w->active || w->exiting)
        return;
    ilv__enter();
    struct ilv_op op = ilv__op(ILV_EV_PROCESS_EXIT, 0);
    op.value = (uint64_t)status;
    ilv__point(&op, NULL);
    w->main_ended = w->live > 1;
    w->by_exit = by_exit;
    w->exiting = true;
    w->no_choice++;
    ilv__done(0, op.value);
    ilv__exit();
}

void ilv__thread_begin_main(struct task *t)
{
    make_end_key();
    pthread_setspecific(end_key, t);
}
