/* SPDX-License-Identifier: MIT */
/*
 * loop.c: who runs next. loop_parts.h says where a task can be.
 *
 * A turn: those that were ready at its beginning run, each until it waits or ends; then the loop
 * looks at descriptors and at the clock, and blocks for that only if nobody is ready. If nobody is,
 * and nobody waits for a descriptor or a time, nothing will ever happen.
 */
#include <errno.h>
#include <ilv/deadline.h>
#include <stdlib.h>

#include "coroutine_parts.h"
#include "internal.h"
#include "loop_parts.h"

static __thread struct ilv_loop *mine;

struct ilv_loop *ilv__loop_mine(void)
{
    return mine;
}

/* Lists. */

void ilv__tasks_add(struct ilv_task_list *tasks, struct ilv_task *task)
{
    task->in = tasks;
    task->previous = tasks->last;
    task->next = NULL;
    *(tasks->last != NULL ? &tasks->last->next : &tasks->first) = task;
    tasks->last = task;
}

static void take_out(struct ilv_task_list *tasks, struct ilv_task *task)
{
    *(task->previous != NULL ? &task->previous->next : &tasks->first) = task->next;
    *(task->next != NULL ? &task->next->previous : &tasks->last) = task->previous;
    task->in = NULL;
}

static struct ilv_task *take_first(struct ilv_task_list *tasks)
{
    struct ilv_task *task = tasks->first;
    tasks->first = task->next;
    *(task->next != NULL ? &task->next->previous : &tasks->last) = NULL;
    task->in = NULL;
    return task;
}

/* Resting and waking. */

int64_t ilv__loop_time(const struct timespec *time)
{
    int64_t nanoseconds;
    if (time == NULL || __builtin_mul_overflow(time->tv_sec, ILV_SECOND, &nanoseconds) ||
        __builtin_add_overflow(nanoseconds, time->tv_nsec, &nanoseconds))
        return INT64_MAX;
    return nanoseconds;
}

int64_t ilv__loop_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return ilv__loop_time(&now);
}

int ilv__task_rest(struct ilv_loop *loop, struct ilv_task_list *in, const struct timespec *deadline)
{
    struct ilv_task *task = loop->running;
    if (task->cancelled)
        return ECANCELED;
    if (in != NULL)
        ilv__tasks_add(in, task);
    if (deadline != NULL) {
        task->due = ilv__loop_time(deadline);
        ilv__loop_heap_put(loop, task);
    }
    ilv__coroutine_leave(task->coroutine);
    return task->woken_with;
}

static void make_ready(struct ilv_loop *loop, struct ilv_task *task)
{
    task->order = ++loop->asked;
    ilv__tasks_add(&loop->ready, task);
}

void ilv__task_wake(struct ilv_task *task, int error)
{
    if (task->in != NULL)
        take_out(task->in, task);
    if (task->place != 0)
        ilv__loop_heap_take(task->loop, task);
    task->woken_with = error;
    make_ready(task->loop, task);
}

/* A task's life. */

static void *life(void *argument, void *sent)
{
    struct ilv_task *task = argument;
    task->outcome = task->function(task->argument);
    return sent;
}

static void link_newest(struct ilv_loop *loop, struct ilv_task *task)
{
    task->older = loop->newest;
    if (loop->newest != NULL)
        loop->newest->newer = task;
    loop->newest = task;
    loop->count++;
}

static void unlink_it(struct ilv_loop *loop, struct ilv_task *task)
{
    if (task->older != NULL)
        task->older->newer = task->newer;
    *(task->newer != NULL ? &task->newer->older : &loop->newest) = task->older;
    loop->count--;
}

static void end_task(struct ilv_task *task)
{
    unlink_it(task->loop, task);
    while (task->joiners.first != NULL)
        ilv__task_wake(task->joiners.first, 0);
    ilv__coroutine_free_task(task->coroutine);
    task->loop = NULL;
    if (!task->kept)
        free(task);
}

static void run_first(struct ilv_loop *loop)
{
    struct ilv_task *task = take_first(&loop->ready);
    loop->running = task;
    task->begun = true;
    bool rests = ilv__coroutine_enter(task->coroutine);
    loop->running = NULL;
    if (!rests)
        end_task(task);
}

static bool has_room(struct ilv_loop *loop)
{
    if (loop->count < loop->room)
        return true;
    size_t room = 2 * loop->room + 16;
    struct ilv_task **heap = reallocarray(loop->heap, room, sizeof(void *));
    if (heap != NULL)
        loop->heap = heap;
    struct pollfd *polled = reallocarray(loop->polled, room, sizeof *polled);
    if (polled != NULL)
        loop->polled = polled;
    if (heap == NULL || polled == NULL)
        return false;
    loop->room = room;
    return true;
}

int ilv_loop_spawn(struct ilv_loop *loop, struct ilv_task **task,
                   const struct ilv_coroutine_options *options, ilv_task_function *function,
                   void *argument)
{
    if (loop == NULL || function == NULL)
        return EINVAL;
    if (loop != mine || loop->closing)
        return loop != mine ? EPERM : ECANCELED;
    struct ilv_task *made = has_room(loop) ? calloc(1, sizeof *made) : NULL;
    if (made == NULL)
        return ENOMEM;
    int error = ilv__coroutine_create_task(&made->coroutine, options, life, made);
    if (error != 0) {
        free(made);
        return error;
    }
    made->loop = loop;
    made->function = function;
    made->argument = argument;
    made->kept = task != NULL;
    link_newest(loop, made);
    make_ready(loop, made);
    if (task != NULL)
        *task = made;
    return 0;
}

int ilv_task_cancel(struct ilv_task *task)
{
    if (task == NULL)
        return EINVAL;
    if (task->loop == NULL)
        return EALREADY;
    if (task->loop != mine)
        return EPERM;
    task->cancelled = true;
    if (!task->begun) {
        take_out(&mine->ready, task);
        task->outcome = ECANCELED;
        end_task(task);
    } else if (task != mine->running && task->in != &mine->ready) {
        ilv__task_wake(task, ECANCELED);
    }
    return 0;
}

/* Turns. */

static void run_ready(struct ilv_loop *loop)
{
    uint64_t until = loop->asked;
    while (loop->ready.first != NULL && loop->ready.first->order <= until)
        run_first(loop);
}

static void wake_due(struct ilv_loop *loop)
{
    int64_t now = loop->sleepers > 0 ? ilv__loop_clock() : 0;
    while (loop->sleepers > 0 && loop->heap[0]->due <= now)
        ilv__task_wake(loop->heap[0], ETIMEDOUT);
}

static nfds_t list_descriptors(const struct ilv_loop *loop)
{
    nfds_t count = 0;
    for (struct ilv_task *task = loop->watching.first; task != NULL; task = task->next)
        loop->polled[count++] = (struct pollfd){.fd = task->fd, .events = task->events};
    return count;
}

static void wake_watching(struct ilv_loop *loop)
{
    const struct pollfd *polled = loop->polled;
    for (struct ilv_task *task = loop->watching.first, *next; task != NULL; task = next) {
        next = task->next;
        short got = polled++->revents;
        if (got != 0)
            ilv__task_wake(task, (got & POLLNVAL) != 0 ? EBADF : 0);
    }
}

/* Until then it may block; INT64_MAX: for ever. */
static int look(struct ilv_loop *loop, int64_t until)
{
    nfds_t count = list_descriptors(loop);
    int64_t now = until != INT64_MAX && until != 0 ? ilv__loop_clock() : 0;
    int64_t pause = until > now ? until - now : 0;
    struct timespec timeout = {.tv_sec = pause / ILV_SECOND, .tv_nsec = pause % ILV_SECOND};
    int found = ppoll(loop->polled, count, until != INT64_MAX ? &timeout : NULL, NULL);
    if (found < 0)
        return errno == EINTR ? 0 : errno;
    if (found > 0)
        wake_watching(loop);
    return 0;
}

/* What there is to see between two turns; an error ends the run. */
static int look_around(struct ilv_loop *loop, int64_t deadline)
{
    bool idle = loop->ready.first == NULL;
    bool watching = loop->watching.first != NULL;
    int error = 0;
    if (idle && !watching && loop->sleepers == 0)
        return EDEADLK;
    if (deadline != INT64_MAX && ilv__loop_clock() >= deadline)
        return ETIMEDOUT;
    int64_t due = loop->sleepers > 0 ? loop->heap[0]->due : INT64_MAX;
    if (idle)
        error = look(loop, due < deadline ? due : deadline);
    else if (watching)
        error = look(loop, 0);
    wake_due(loop);
    return error;
}

int ilv_loop_run_until(struct ilv_loop *loop, const struct timespec *deadline)
{
    int error = 0;
    if (loop == NULL || !ilv__deadline_valid(deadline))
        return EINVAL;
    if (loop != mine || loop->runs)
        return loop != mine ? EPERM : EBUSY;
    int saved = errno;
    loop->runs = true;
    while (loop->count > 0 && error == 0) {
        run_ready(loop);
        if (loop->count > 0)
            error = look_around(loop, ilv__loop_time(deadline));
    }
    loop->runs = false;
    errno = saved;
    return error;
}

int ilv_loop_run(struct ilv_loop *loop)
{
    return ilv_loop_run_until(loop, NULL);
}

/* The loop. */

int ilv_loop_new(struct ilv_loop **loop)
{
    if (loop == NULL)
        return EINVAL;
    if (mine != NULL)
        return EBUSY;
    mine = calloc(1, sizeof *mine);
    if (mine == NULL)
        return ENOMEM;
    *loop = mine;
    return 0;
}

struct ilv_loop *ilv_loop_current(void)
{
    return mine;
}

int ilv_loop_free(struct ilv_loop *loop)
{
    if (loop == NULL)
        return 0;
    if (loop != mine || loop->runs)
        return loop != mine ? EPERM : EBUSY;
    loop->closing = true;
    loop->runs = true;
    for (struct ilv_task *task = loop->newest, *older; task != NULL; task = older) {
        older = task->older;
        ilv_task_cancel(task);
    }
    while (loop->ready.first != NULL)
        run_first(loop);
    mine = NULL;
    free(loop->heap);
    free(loop->polled);
    free(loop);
    return 0;
}
