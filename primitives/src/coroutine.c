/* SPDX-License-Identifier: MIT */
/*
 * coroutine.c: who runs, who waits for whom, and what is passed on at a switch.
 *
 * 1. Of a thread's coroutines, its own flow among them, one is RUNNING: `current`. `resumer` leads
 *    from it to who resumed it, and so on, down to the thread's flow: these are WAITING, each for
 *    the one before.
 * 2. Besides, tasks of a loop rest: their own chain, from `top` down to the task, is WAITING, and
 *    the task's resumer is NULL. Whoever else is WAITING does not exist. So who is to be resumed
 *    and is WAITING waits for the caller, or rests.
 * 3. yield goes down one link and cuts it. switch_to puts another in the caller's place in the
 *    chain. send and close add a link.
 * 4. Who is resumed finds a value and an error number in itself: 0, or ENODATA: the one below which
 *    it waited has ended; or ECANCELED: it is being closed.
 * 5. One that ends cannot take away the stack on which it stands: the next that runs does (`dead`).
 *
 * A thread is known by a number that no other has and that a forked child keeps. What ends, or is
 * freed, leaves the list of its thread, which is what the thread's end closes.
 */
#include <errno.h>
#include <ilv/coroutine.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "annotate.h"
#include "coroutine_parts.h"
#include "internal.h"
#include "machine.h"
#include "stack.h"

struct ilv_coroutine {
    uint64_t thread;
    enum ilv_coroutine_state state;
    bool is_flow; /* a thread's own */
    bool is_task; /* of a loop */
    bool closing;
    ilv_coroutine_function *function;
    void *argument;
    void *result;
    struct ilv_coroutine *resumer;
    struct ilv_coroutine *top; /* of a task that rests */
    void *value;               /* what it is resumed with */
    int error;
    int saved_errno;
    void *rest; /* its context while another one runs */
    struct ilv__stack stack;
    const void *low; /* of its stack, as AddressSanitizer knows it */
    size_t size;
    void *fake_stack;
    void *fiber;
    struct ilv_coroutine *previous;
    struct ilv_coroutine *next;
};

/* What a thread has. */
struct own {
    struct ilv_coroutine flow;
    struct ilv_coroutine *current;
    struct ilv_coroutine *left; /* who ran before current */
    struct ilv_coroutine *dead; /* its stack is to be given back */
    struct ilv_coroutine *first;
    struct ilv_coroutine *last;
};

static __thread struct own own_of_thread;
static uint64_t threads;
static pthread_once_t prepared = PTHREAD_ONCE_INIT;
static pthread_key_t at_thread_end;
static int prepare_error;

static void begin_thread(struct own *own)
{
    own->flow.thread = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED);
    own->flow.state = ILV_COROUTINE_RUNNING;
    own->flow.is_flow = true;
    own->flow.fiber = ilv__fiber_of_caller();
    own->current = &own->flow;
}

static struct own *here(void)
{
    struct own *own = &own_of_thread;
    if (ilv__unlikely(own->current == NULL))
        begin_thread(own);
    return own;
}

static void link_last(struct own *own, struct ilv_coroutine *coroutine)
{
    coroutine->previous = own->last;
    coroutine->next = NULL;
    *(own->last != NULL ? &own->last->next : &own->first) = coroutine;
    own->last = coroutine;
}

static void unlink_it(struct own *own, struct ilv_coroutine *coroutine)
{
    struct ilv_coroutine *previous = coroutine->previous;
    struct ilv_coroutine *next = coroutine->next;
    *(previous != NULL ? &previous->next : &own->first) = next;
    *(next != NULL ? &next->previous : &own->last) = previous;
}

/* Nobody runs on it any more, or ever will. */
static void take_stack(struct ilv_coroutine *coroutine)
{
    ilv__fiber_is_gone(coroutine->fiber);
    coroutine->fiber = NULL;
    ilv__stack_give_back(&coroutine->stack);
}

/* Switches. */

static void arrive(struct own *own)
{
    struct ilv_coroutine *me = own->current;
    const void *low = NULL;
    size_t size = 0;
    ilv__switch_ends(me->fake_stack, &low, &size);
    if (own->left->is_flow) {
        own->left->low = low;
        own->left->size = size;
    }
    if (own->dead != NULL)
        take_stack(own->dead);
    own->dead = NULL;
}

static void leave(struct own *own, struct ilv_coroutine *to, void *value, int error)
{
    struct ilv_coroutine *me = own->current;
    bool ends = me->state == ILV_COROUTINE_ENDED;
    to->value = value;
    to->error = error;
    to->state = ILV_COROUTINE_RUNNING;
    own->current = to;
    own->left = me;
    ilv__switch_begins(ends ? NULL : &me->fake_stack, to->low, to->size,
                       to->fiber != NULL ? to->fiber : own->flow.fiber);
    ilv__machine_switch(&me->rest, to->rest);
}

/* Leaves for `to`, and comes back with the value and the error that the caller is resumed with. */
static int go(struct own *own, struct ilv_coroutine *to, void *value, int error, void **got)
{
    struct ilv_coroutine *me = own->current;
    me->saved_errno = errno;
    leave(own, to, value, error);
    arrive(own);
    errno = me->saved_errno;
    if (got != NULL)
        *got = me->value;
    return me->error;
}

/* Where a coroutine begins and ends. */
static void life(void)
{
    struct own *own = here();
    struct ilv_coroutine *me = own->current;
    arrive(own);
    errno = 0;
    me->result = me->function(me->argument, me->value);
    me->state = ILV_COROUTINE_ENDED;
    unlink_it(own, me);
    own->dead = me;
    leave(own, me->resumer, me->result, ENODATA);
    __builtin_unreachable();
}

static int resume(struct own *own, struct ilv_coroutine *it, void *value, int error, void **answer)
{
    struct ilv_coroutine *me = own->current;
    it->resumer = me;
    me->state = ILV_COROUTINE_WAITING;
    return go(own, it, value, error, answer);
}

/* Who may resume whom. */

static int waits(const struct own *own, const struct ilv_coroutine *it)
{
    const struct ilv_coroutine *link = own->current;
    while (link != NULL && link != it)
        link = link->resumer;
    return link != NULL ? EDEADLK : EBUSY;
}

/* Why the caller cannot resume it now, or 0. */
static int refused(const struct own *own, const struct ilv_coroutine *it)
{
    if (it == NULL)
        return EINVAL;
    if (it->thread != own->flow.thread)
        return EPERM;
    if (it->state == ILV_COROUTINE_ENDED)
        return EPIPE;
    if (it->state == ILV_COROUTINE_RUNNING || it->state == ILV_COROUTINE_WAITING)
        return waits(own, it);
    return it->is_task ? EPERM : 0;
}

int ilv_coroutine_send(struct ilv_coroutine *coroutine, void *value, void **answer)
{
    struct own *own = here();
    int error = refused(own, coroutine);
    return error != 0 ? error : resume(own, coroutine, value, 0, answer);
}

int ilv_coroutine_yield(void *value, void **sent)
{
    struct own *own = here();
    struct ilv_coroutine *me = own->current;
    if (me->is_flow || me->is_task)
        return EPERM;
    if (me->closing)
        return ECANCELED;
    struct ilv_coroutine *resumer = me->resumer;
    me->resumer = NULL;
    me->state = ILV_COROUTINE_SUSPENDED;
    return go(own, resumer, value, 0, sent);
}

int ilv_coroutine_switch_to(struct ilv_coroutine *coroutine, void *value, void **sent)
{
    struct own *own = here();
    struct ilv_coroutine *me = own->current;
    if (coroutine == NULL)
        return EINVAL;
    if (coroutine == me->resumer)
        return ilv_coroutine_yield(value, sent);
    int error = refused(own, coroutine);
    if (error != 0)
        return error;
    if (me->is_flow)
        return resume(own, coroutine, value, 0, sent);
    if (me->is_task || me->closing)
        return me->is_task ? EPERM : ECANCELED;
    coroutine->resumer = me->resumer;
    me->resumer = NULL;
    me->state = ILV_COROUTINE_SUSPENDED;
    return go(own, coroutine, value, 0, sent);
}

/* The end, and the thread's. */

static void end_new_one(struct own *own, struct ilv_coroutine *coroutine)
{
    coroutine->state = ILV_COROUTINE_ENDED;
    unlink_it(own, coroutine);
    take_stack(coroutine);
}

int ilv_coroutine_close(struct ilv_coroutine *coroutine)
{
    struct own *own = here();
    int error = refused(own, coroutine);
    if (error != 0)
        return error == EPIPE ? 0 : error;
    if (coroutine->state == ILV_COROUTINE_NEW) {
        end_new_one(own, coroutine);
        return 0;
    }
    coroutine->closing = true;
    resume(own, coroutine, NULL, ECANCELED, NULL);
    return 0;
}

static void end_thread(void *argument)
{
    struct own *own = argument;
    struct ilv_coroutine *it = own->first;
    while (it != NULL)
        it = ilv_coroutine_close(it) == 0 ? own->first : it->next;
    ilv__stack_forget_kept();
}

static void prepare(void)
{
    prepare_error = pthread_key_create(&at_thread_end, end_thread);
}

/* Handles. */

static int give_stack(struct ilv_coroutine *coroutine, size_t wanted)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = wanted != 0 ? wanted : ILV_COROUTINE_STACK;
    if (size > SIZE_MAX / 2)
        return ENOMEM;
    int error = ilv__stack_take(&coroutine->stack, (size + page - 1) & ~(page - 1));
    if (error != 0)
        return error;
    coroutine->low = coroutine->stack.low;
    coroutine->size = coroutine->stack.size;
    coroutine->rest = ilv__machine_make((char *)coroutine->stack.low + coroutine->stack.size,
                                        coroutine->stack.low, life);
    return 0;
}

/* The thread's end is to be known, and what belongs to it. */
static int prepare_thread(struct own *own)
{
    pthread_once(&prepared, prepare);
    return prepare_error != 0 ? prepare_error : pthread_setspecific(at_thread_end, own);
}

int ilv_coroutine_create(struct ilv_coroutine **coroutine,
                         const struct ilv_coroutine_options *options,
                         ilv_coroutine_function *function, void *argument)
{
    size_t size = options != NULL ? options->stack_size : 0;
    if (coroutine == NULL || function == NULL || (size != 0 && size < ILV_COROUTINE_STACK_MIN))
        return EINVAL;
    struct own *own = here();
    int error = prepare_thread(own);
    if (error != 0)
        return error;
    struct ilv_coroutine *made = calloc(1, sizeof *made);
    if (made == NULL)
        return ENOMEM;
    error = give_stack(made, size);
    if (error != 0) {
        free(made);
        return error;
    }
    made->thread = own->flow.thread;
    made->function = function;
    made->argument = argument;
    made->fiber = ilv__fiber_new();
    link_last(own, made);
    *coroutine = made;
    return 0;
}

int ilv_coroutine_result(const struct ilv_coroutine *coroutine, void **result)
{
    if (coroutine == NULL || result == NULL)
        return EINVAL;
    if (coroutine->state != ILV_COROUTINE_ENDED)
        return EBUSY;
    *result = coroutine->result;
    return 0;
}

enum ilv_coroutine_state ilv_coroutine_state(const struct ilv_coroutine *coroutine)
{
    return coroutine != NULL ? coroutine->state : ILV_COROUTINE_ENDED;
}

struct ilv_coroutine *ilv_coroutine_current(void)
{
    return here()->current;
}

int ilv_coroutine_free(struct ilv_coroutine *coroutine)
{
    if (coroutine == NULL)
        return 0;
    struct own *own = here();
    if (coroutine->is_flow)
        return EINVAL;
    if (coroutine->is_task)
        return EPERM;
    if (coroutine->state != ILV_COROUTINE_ENDED) {
        if (coroutine->thread != own->flow.thread)
            return EPERM;
        if (coroutine->state != ILV_COROUTINE_NEW)
            return EBUSY;
        end_new_one(own, coroutine);
    }
    free(coroutine);
    return 0;
}

/* Tasks. */

int ilv__coroutine_create_task(struct ilv_coroutine **task,
                               const struct ilv_coroutine_options *options,
                               ilv_coroutine_function *function, void *argument)
{
    int error = ilv_coroutine_create(task, options, function, argument);
    if (error == 0)
        (*task)->is_task = true;
    return error;
}

bool ilv__coroutine_enter(struct ilv_coroutine *task)
{
    struct own *own = here();
    struct ilv_coroutine *top = task->top != NULL ? task->top : task;
    task->resumer = own->current;
    own->current->state = ILV_COROUTINE_WAITING;
    return go(own, top, NULL, 0, NULL) == 0;
}

void ilv__coroutine_leave(struct ilv_coroutine *task)
{
    struct own *own = here();
    struct ilv_coroutine *runner = task->resumer;
    task->top = own->current;
    task->resumer = NULL;
    own->current->state = ILV_COROUTINE_WAITING;
    go(own, runner, NULL, 0, NULL);
}

void ilv__coroutine_free_task(struct ilv_coroutine *task)
{
    task->is_task = false;
    ilv_coroutine_free(task);
}
