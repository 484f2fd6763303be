/* SPDX-License-Identifier: MIT */
/*
 * loop_parts.h: what a loop and its tasks are made of, for loop.c, task.c and task_mutex.c.
 *
 * 1. A task that has not ended runs (loop->running), or is in one list (`in`): of those that are
 *    ready, of those that wait for descriptors, of those that join another, of those that wait for
 *    a mutex; or is in none and sleeps.
 * 2. Who waits with a deadline is in the heap of its loop as well; who is ready never is.
 * 3. wake takes a task out of where it is and makes it ready, with what its wait is to give.
 * 4. `asked` counts: each that asks for a time, or becomes ready, is given the next number as its
 *    order.
 */
#ifndef ILV_LOOP_PARTS_H
#define ILV_LOOP_PARTS_H

#include <ilv/task_mutex.h>
#include <poll.h>

#pragma GCC visibility push(hidden)

struct ilv_task {
    struct ilv_loop *loop; /* NULL: it has ended */
    struct ilv_coroutine *coroutine;
    ilv_task_function *function;
    void *argument;
    int outcome;
    bool begun;
    bool cancelled;
    bool kept; /* somebody has the handle */
    int woken_with;
    int64_t due;    /* in the heap: when it is to be woken */
    uint64_t order; /* and who asked first; or who was ready first */
    size_t place;   /* and where it stands, from 1; 0: it is not there */
    int fd;
    short events;
    struct ilv_task_list joiners;
    struct ilv_task_list *in;
    struct ilv_task *previous;
    struct ilv_task *next;
    struct ilv_task *older; /* of all that have not ended */
    struct ilv_task *newer;
};

struct ilv_loop {
    struct ilv_task *running;
    bool runs;
    bool closing;
    size_t count; /* of tasks that have not ended; the arrays have room for them */
    size_t room;
    struct ilv_task **heap; /* the first is due first */
    size_t sleepers;
    struct pollfd *polled;
    uint64_t asked;
    struct ilv_task *newest;
    struct ilv_task_list ready;
    struct ilv_task_list watching; /* descriptors */
};

/* The calling thread's loop, or NULL. */
struct ilv_loop *ilv__loop_mine(void);

void ilv__tasks_add(struct ilv_task_list *tasks, struct ilv_task *task);

/*
 * The running task waits in the list (NULL: in none) until it is woken, or the deadline: what the
 * waking one said, or ETIMEDOUT; ECANCELED at once if it is cancelled.
 */
int ilv__task_rest(struct ilv_loop *loop, struct ilv_task_list *in,
                   const struct timespec *deadline);
void ilv__task_wake(struct ilv_task *task, int error);

/* Nanoseconds of CLOCK_MONOTONIC; a time too far to say is the last that can be said. */
int64_t ilv__loop_clock(void);
int64_t ilv__loop_time(const struct timespec *time);

/* The heap of those that wait with a deadline. */
void ilv__loop_heap_put(struct ilv_loop *loop, struct ilv_task *task);
void ilv__loop_heap_take(struct ilv_loop *loop, struct ilv_task *task);

#pragma GCC visibility pop

#endif
